import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { commandLine } from '../support/command-line'
import { folderWith } from '../support/folder'
import { describePostgres, freshDatabase } from '../support/postgres'
import { blocksOf, type Block } from './blocks'

// Follows the pages as a person would: saves the files that they show, types the commands, compares what they say. The
// commands run in this process; test/examples starts the compiled one.

const ADDRESS = 'postgres://user:password@localhost:5432/shop'

test.each(['docs/definition.md', 'docs/command-line.md', 'docs/exceptions.md', 'docs/reconciliation.md'])(
  '%s does what it says',
  async (page) => {
    await follow(page, undefined)
  },
)

describePostgres('with a database', () => {
  test('docs/sync-csv-to-postgres.md does what it says', async () => {
    const database = await freshDatabase()
    try {
      await follow('docs/sync-csv-to-postgres.md', database.url)
    } finally {
      await database.drop()
    }
  })
})

async function follow(page: string, database: string | undefined): Promise<void> {
  const folder = folderWith({})
  let said = ''
  try {
    for (const block of blocksOf(page)) {
      const text = database === undefined ? block.text : block.text.replaceAll(ADDRESS, database)
      if (block.language === 'sh') said = await run({ ...block, text }, folder.path)
      else if (block.language === 'text') compare(said, text)
      else if (block.language === 'sql' && database !== undefined) await query(database, text)
      else if (block.info !== '') save(join(folder.path, block.info), text)
    }
  } finally {
    folder.remove()
  }
}

function save(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** What the commands of a block say; each has to end with the exit code that the block names. */
async function run({ text, info }: Block, cwd: string): Promise<string> {
  const expected = Number(/exit=(\d+)/.exec(info)?.[1] ?? 0)
  const tieout = commandLine(cwd)
  const said: string[] = []
  for (const line of text.trim().split('\n')) {
    const [command, ...argv] = Array.from(
      line.matchAll(/"([^"]*)"|(\S+)/g),
      ([, quoted, bare]) => quoted ?? bare ?? '',
    )
    expect(command).toBe('tieout')
    const { exit, out, err } = await tieout(...argv)
    expect({ line, exit, err: exit === expected ? '' : err }).toEqual({ line, exit: expected, err: '' })
    said.push(out + err)
  }
  return said.join('\n')
}

/** Every line shown stands somewhere in what was said; columns may be wider. */
function compare(said: string, shown: string): void {
  const narrow = (text: string): string => text.replace(/ +/g, ' ').trim()
  for (const line of shown.trim().split('\n')) expect(narrow(said)).toContain(narrow(line))
}

async function query(database: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: database })
  await client.connect()
  await client.query(sql)
  await client.end()
}
