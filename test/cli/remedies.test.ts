import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { commandLine } from '../support/command-line'
import { folderWith } from '../support/folder'

const definition = `# orders of the shop
tieout: 1
connections:
  files: { connector: csv } # nightly export
  shop: { connector: sqlite, file: shop.sqlite }
workflows:
  orders:
    key: id
    schema:
      type: object
      properties:
        id: { type: string }
        country: { type: string, enum: [DE, FR, GB] } # ISO 3166
        mail: { type: string, personal: true }
        qty: { type: integer }
      required: [id, country, qty]
    source: { connection: files, stream: orders.csv }
    target: { connection: shop, stream: orders }
    map:
      country: land # as the shop calls it
    sync: { guards: { rejects: off } }
`

function orders(change: (line: string, i: number) => string = (line) => line): string {
  const lines = Array.from({ length: 60 }, (_, i) => {
    const land = i % 10 === 3 ? 'UK' : ['DE', 'FR', 'GB'][i % 3]
    return change(`O${i},${land},kim${i}@example.com,${i}`, i)
  })
  return ['id,land,mail,qty', ...lines, ''].join('\n')
}

const folders: (() => void)[] = []
afterAll(() => {
  for (const remove of folders) remove()
})

async function failed(): Promise<{ at: string; tieout: ReturnType<typeof commandLine>; group: string }> {
  const { path, remove } = folderWith({ 'tieout.yaml': definition, 'orders.csv': orders() })
  folders.push(remove)
  const shop = new DatabaseSync(join(path, 'shop.sqlite'))
  shop.exec('CREATE TABLE orders (id TEXT PRIMARY KEY, country TEXT, mail TEXT, qty INTEGER)')
  shop.close()
  const tieout = commandLine(path)
  expect(await tieout('sync', 'orders')).toMatchObject({ exit: 3, err: '' })
  const [, group = ''] = /--group (\S+)/.exec((await tieout('exceptions')).out) ?? []
  return { at: path, tieout, group }
}

test('explains what the failures have in common', async () => {
  const { tieout, group } = await failed()
  const { exit, out } = await tieout('exceptions', 'explain', group)
  expect(exit).toBe(0)
  expect(out).toContain('6 of 6 failures have land = "UK"; 0 of 54 others do')
  expect(out).toContain('true of 100 % of the failures')
  expect((await tieout('exceptions', 'explain', '1')).out).toBe(out)
  expect((await tieout('exceptions', 'explain', 'v1:none')).err).toContain('EXCEPTION_UNKNOWN')
})

test('previews an edit on the group, keeps it, sends the group, and the inbox is empty', async () => {
  const { tieout, group } = await failed()
  const preview = await tieout('exceptions', 'fix', '1', '--set', 'land=GB', '--preview')
  expect(preview.out).toContain('land: "UK" -> "GB"')
  expect(preview.out).toContain('6 of 6 exceptions of the group have what it corrects')
  expect(preview.out).toContain('6 of these would pass mapping and validation now')
  const wrong = await tieout('exceptions', 'fix', '1', '--set', 'land=XX', '--preview')
  expect(wrong.out).toContain('6 would still fail: VALIDATION_FAILED')

  const fixed = await tieout('exceptions', 'fix', '1', '--set', 'land=GB', '--whole-group', '--as', 'ada')
  expect(fixed.out).toContain('kept for 6 exceptions; nothing is sent yet')
  const { exit, out } = await tieout('exceptions', 'retry', '--group', group)
  expect(out).toMatch(/created\s+6/)
  expect(exit).toBe(0)
  expect((await tieout('exceptions')).exit).toBe(0)
  expect((await tieout('exceptions', 'show', '1')).out).toContain('ada: fixed: land: "UK" -> "GB"')
})

test('saves an edit as a rule of the mapping, with the comments of the file', async () => {
  const { at, tieout } = await failed()
  const { out } = await tieout('exceptions', 'fix', '1', '--set', 'land=GB', '--save')
  expect(out).toContain('country: { from: land, values: { UK: GB }, otherwise: keep } # as the shop calls it')
  const text = readFileSync(join(at, 'tieout.yaml'), 'utf8')
  for (const comment of ['# orders of the shop', '# nightly export', '# ISO 3166'])
    expect(text).toContain(comment)
  const { exit, out: synced } = await tieout('sync', 'orders')
  expect(synced).toMatch(/created\s+6/)
  expect(exit).toBe(0)
})

describe('a personal field', () => {
  const set = ['--set', 'land=GB', '--set', 'mail=ada@example.org']

  test('is corrected in one exception; its value is kept sealed and is gone when it went out', async () => {
    const { at, tieout } = await failed()
    const preview = await tieout('exceptions', 'fix', '1', ...set, '--preview')
    expect(preview.out).toContain('mail: "******" -> "******"')
    expect(preview.out).toContain('1 of these would pass')
    const fixed = await tieout('exceptions', 'fix', '1', ...set)
    expect(fixed.exit).toBe(0)
    const shown = await tieout('exceptions', 'show', '1', '--json')
    expect(filesWith(join(at, '.tieout'), 'ada@example.org')).toEqual([])
    expect(fixed.out + shown.out).not.toContain('ada@')
    expect(shown.out).not.toMatch(/sealed|guard/)
    expect(filesWith(join(at, '.tieout'), 'sealed')).not.toEqual([])

    expect((await tieout('exceptions', 'retry', '1')).out).toMatch(/created\s+1/)
    const shop = new DatabaseSync(join(at, 'shop.sqlite'))
    expect(shop.prepare("SELECT country, mail FROM orders WHERE id = 'O3'").get()).toEqual({
      country: 'GB',
      mail: 'ada@example.org',
    })
    shop.close()
    expect(filesWith(join(at, '.tieout'), 'ada@example.org')).toEqual([])
    const state = new DatabaseSync(join(at, '.tieout/state.sqlite'), { readOnly: true })
    expect(JSON.stringify(state.prepare('SELECT * FROM exception WHERE id = 1').all())).not.toContain(
      'sealed',
    )
    state.close()
  })

  test('is corrected only while the record is what it was', async () => {
    const { at, tieout } = await failed()
    await tieout('exceptions', 'fix', '1', ...set)
    const moved = orders((line) => line.replace('kim3@example.com', 'kim33@example.com'))
    writeFileSync(join(at, 'orders.csv'), moved)
    const { exit, out } = await tieout('exceptions', 'retry', '1')
    expect(exit).toBe(3)
    expect(out).toContain('the source has changed what the fix corrects')
    expect((await tieout('exceptions', 'retry', '1', '--rebase')).out).toMatch(/created\s+1/)
  })

  test.each([['--whole-group'], ['--save']])(
    'is not corrected with %s: nobody knows what others hold',
    async (how) => {
      const { tieout } = await failed()
      const { exit, err } = await tieout('exceptions', 'fix', '1', ...set, how)
      expect(exit).toBe(2)
      expect(err).toContain('FIX_PERSONAL')
    },
  )

  test('is left alone when the key that sealed it is gone', async () => {
    const { at, tieout } = await failed()
    await tieout('exceptions', 'fix', '1', ...set)
    rmSync(join(at, '.tieout/seal.key'))
    const { exit, out } = await tieout('exceptions', 'retry', '1')
    expect(exit).toBe(3)
    expect(out).toContain('1 exception not sent')
  })
})

function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder).filter((name) => {
    const path = join(folder, name)
    return statSync(path).isFile() && readFileSync(path).includes(text)
  })
}

test('a fix whose record changed since is not sent until somebody says what is meant', async () => {
  const { at, tieout } = await failed()
  await tieout('exceptions', 'fix', '1', '--set', 'land=GB')
  writeFileSync(
    join(at, 'orders.csv'),
    orders((line) => line.replace('UK', 'FR')),
  )
  const { exit, out } = await tieout('exceptions', 'retry', '1')
  expect(exit).toBe(3)
  expect(out).toContain('1 exception not sent: the source has changed what the fix corrects (1).')
  const discarded = await tieout('exceptions', 'retry', '1', '--discard')
  expect(discarded).toMatchObject({ exit: 0 })
})

test('compares a record at four points, personal fields masked until somebody asks for them', async () => {
  const { at, tieout } = await failed()
  writeFileSync(
    join(at, 'orders.csv'),
    orders((line, i) => (i === 3 ? 'O3,GB,new@example.com,3' : line)),
  )
  const first = await tieout('exceptions', 'compare', '1')
  const number = first.out.includes('has changed') ? '1' : '6'
  const { out } = await tieout('exceptions', 'compare', number)
  expect(out).toMatch(/country\s+"UK"\s+"GB"/)
  expect(out).toContain('target now: the target does not have it')
  expect(out).not.toContain('new@example.com')
  expect((await tieout('exceptions', 'compare', number, '--reveal', '--as', 'ada')).out).toContain(
    'new@example.com',
  )
  expect((await tieout('exceptions', 'show', number)).out).toContain('ada: revealed')
})

test('retries by filter, at a rate, and says when there is nothing to do', async () => {
  const { at, tieout } = await failed()
  writeFileSync(
    join(at, 'orders.csv'),
    orders((line) => line.replace('UK', 'GB')),
  )
  const { exit, out } = await tieout(
    'exceptions',
    'retry',
    '--code',
    'VALIDATION_FAILED',
    '--rate',
    '1000',
    '--json',
  )
  expect(exit).toBe(0)
  expect(JSON.parse(out)).toMatchObject([{ chosen: 6, receipt: { kind: 'retry', status: 'succeeded' } }])
  const nothing = await tieout('exceptions', 'retry', '--all')
  expect(nothing.exit).toBe(1)
  expect(nothing.err).toContain('RETRY_EMPTY')
})

test('a decision to leave the target as it is stands while the source does', async () => {
  const { at, tieout } = await failed()
  writeFileSync(
    join(at, 'orders.csv'),
    orders((line) => line.replace('UK', 'GB')),
  )
  const vague = await tieout('exceptions', 'decide', '1', '--accept', 'target')
  expect(vague.err).toContain('--reason')
  const { out } = await tieout(
    'exceptions',
    'decide',
    '1',
    '--accept',
    'target',
    '--reason',
    'cancelled by phone',
  )
  expect(out).toContain('Decided: accept-target')
  const shown = await tieout('exceptions', 'show', '1')
  expect(shown.out).toMatch(/: decided: accept-target; cancelled by phone/)
  expect((await tieout('exceptions', 'decisions', 'orders')).out).toMatch(
    /1 +O3 +accept-target +a side changes +\S+ +cancelled by phone/,
  )
  const synced = await tieout('sync', 'orders')
  expect(synced.out).toMatch(/created\s+5/)
  expect(synced.out).toMatch(/skipped\s+1\s+accepted 1/)
  writeFileSync(
    join(at, 'orders.csv'),
    orders((line) => line.replace('UK', 'FR')),
  )
  expect((await tieout('sync', 'orders')).out).toMatch(/created\s+1/)
})

test('records of a database are asked for by key, under the name that the source has for it', async () => {
  const text = `tieout: 1
connections:
  till: { connector: sqlite, file: till.sqlite }
  shop: { connector: sqlite, file: shop.sqlite }
workflows:
  stock:
    key: sku
    schema: { type: object, properties: { sku: { type: string }, qty: { type: integer, minimum: 0 } } }
    source: { connection: till, stream: stock }
    target: { connection: shop, stream: stock }
    map: { sku: article }
    sync: { guards: { rejects: off } }
`
  const { path, remove } = folderWith({ 'tieout.yaml': text })
  folders.push(remove)
  const till = new DatabaseSync(join(path, 'till.sqlite'))
  till.exec(`CREATE TABLE stock (article TEXT PRIMARY KEY, qty INTEGER);
    INSERT INTO stock VALUES ('A1', 1), ('A2', -2), ('A3', -3), ('A4', -4)`)
  const shop = new DatabaseSync(join(path, 'shop.sqlite'))
  shop.exec('CREATE TABLE stock (sku TEXT PRIMARY KEY, qty INTEGER)')
  const tieout = commandLine(path)
  expect((await tieout('sync', 'stock')).exit).toBe(3)
  till.exec(`UPDATE stock SET qty = 2 WHERE article = 'A2'; DELETE FROM stock WHERE article = 'A3'`)
  const { exit, out } = await tieout('exceptions', 'retry', '--workflow', 'stock')
  expect(exit).toBe(3)
  expect(out).toContain('2 records read')
  expect(out).toContain('1 exception resolved: the source no longer has them')
  expect(shop.prepare('SELECT * FROM stock ORDER BY sku').all()).toEqual([
    { sku: 'A1', qty: 1 },
    { sku: 'A2', qty: 2 },
  ])
  till.close()
  shop.close()
})
