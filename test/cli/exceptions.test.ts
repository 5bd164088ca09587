import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../support/command-line'
import { folderWith } from '../support/folder'

const definition = `tieout: 1
connections:
  files: { connector: csv }
workflows:
  people:
    key: id
    schema:
      type: object
      properties:
        id: { type: string }
        mail: { type: string, personal: true, minLength: 20 }
        age: { type: integer }
    source: { connection: files, stream: people.csv }
    target: { connection: files, stream: copy.csv }
    sync: { guards: { rejects: off } }
`
const people =
  'id,mail,age,=1+1\nA1,kim@example.com,forty,x\nA2,a.very.long.name@example.com,old,=2\nA3,jo@shop,7,\n'

const folders: (() => void)[] = []
afterAll(() => {
  for (const remove of folders) remove()
})

async function folder(): Promise<{ at: string; tieout: ReturnType<typeof commandLine> }> {
  const { path, remove } = folderWith({ 'tieout.yaml': definition, 'people.csv': people })
  folders.push(remove)
  const tieout = commandLine(path)
  expect((await tieout('sync', 'people')).exit).toBe(3)
  return { at: path, tieout }
}

test('without a command lists what is open by its cause, largest first, and exits 3', async () => {
  const { tieout } = await folder()
  const { exit, out } = await tieout('exceptions')
  expect(exit).toBe(3)
  expect(out).toContain('3 open exceptions in 3 groups')
  const [, group = ''] = /--records --group (\S+)/.exec(out) ?? []
  const records = await tieout('exceptions', 'list', '--records', '--group', group)
  expect(records.exit).toBe(3)
  expect(records.out.split('\n').filter((line) => line.includes('people'))).toHaveLength(1)
})

test('exits 0 where nothing is open, or nothing that was asked for', async () => {
  const { at, tieout } = await folder()
  expect((await tieout('exceptions', '--workflow', 'others')).exit).toBe(0)
  expect((await tieout('exceptions', 'list', '--state', 'resolved')).exit).toBe(0)
  writeFileSync(join(at, 'people.csv'), 'id,mail,age\nA1,kim.lee.longer@example.com,40\n')
  expect((await tieout('sync', 'people')).exit).toBe(0)
  expect(await tieout('exceptions')).toMatchObject({ exit: 0, out: 'There are no open exceptions.\n' })
  expect((await tieout('exceptions', 'list', '--state', 'any')).out).toContain('3 exceptions in')
})

test('pages go on after a number', async () => {
  const { tieout } = await folder()
  const first = await tieout('exceptions', 'list', '--records', '--limit', '2')
  expect(first.out).toContain('2 of 3. Older ones: --before 2')
  const { out } = await tieout('exceptions', 'list', '--records', '--before', '2', '--json')
  expect(JSON.parse(out)).toMatchObject({ count: 3, exceptions: [{ id: 1 }] })
})

test('show says what it means, who does what, and hides what is personal', async () => {
  const { tieout } = await folder()
  const { exit, out } = await tieout('exceptions', 'show', '1')
  expect(exit).toBe(0)
  expect(out).toMatch(/Exception 1.*: people, A1: open/)
  expect(out).toMatch(/What to do\n {2}1\. you: /)
  expect(out).toMatch(/age\s+"forty"/)
  expect(out).toMatch(/run \w+: opened/)
  for (const text of [
    out,
    (await tieout('exceptions', 'show', '1', '--json')).out,
    (await tieout('feed')).out,
  ])
    expect(text).not.toContain('kim@example.com')
  expect((await tieout('exceptions', 'show', '9')).err).toContain('EXCEPTION_UNKNOWN')
})

test('changes are kept with who made them', async () => {
  const { tieout } = await folder()
  const as = ['--as', 'kim']
  await tieout('exceptions', 'assign', '1', '2', '--to', 'jo', ...as)
  await tieout('exceptions', 'comment', '1', '--comment', 'asked', ...as)
  await tieout('exceptions', 'tag', '1', '--add', 'supplier', 'urgent', ...as)
  await tieout('exceptions', 'due', '1', '--on', '2030-01-31', ...as)
  const { out } = await tieout('exceptions', 'show', '1', '--json')
  expect(JSON.parse(out)).toMatchObject({
    exception: { assignee: 'jo', tags: ['supplier', 'urgent'], due: Date.UTC(2030, 0, 31) },
    history: [{}, { who: 'kim' }, { who: 'kim' }, { who: 'kim' }, { who: 'kim' }],
  })
  const mine = await tieout('exceptions', 'list', '--records', '--assignee', 'jo', '--json')
  expect(JSON.parse(mine.out)).toMatchObject({ count: 2 })
})

test('resolve, ignore and reopen work on one, on a filter and on all', async () => {
  const { tieout } = await folder()
  expect((await tieout('exceptions', 'resolve', '1', '--comment', 'by hand')).out).toBe(
    '1 exception resolved.\n',
  )
  const ignored = await tieout('exceptions', 'ignore', '--text', 'A2', '--reason', 'known', '--until', '3d')
  expect(ignored.out).toBe('1 exception ignored until 3d.\n')
  expect((await tieout('exceptions', 'show', '2')).out).toMatch(/: ignored: known; until \d{4}-\d\d-\d\d /)
  expect(JSON.parse((await tieout('exceptions', 'list', '--json')).out)).toMatchObject({ count: 1 })
  expect((await tieout('exceptions', 'reopen', '--all', '--json')).out).toMatch(/"changed": 2/)
  expect(JSON.parse((await tieout('exceptions', 'list', '--json')).out)).toMatchObject({ count: 3 })
})

test('--preview says which a change would be made to, and changes nothing', async () => {
  const { tieout } = await folder()
  await tieout('exceptions', 'resolve', '2')
  const { exit, out } = await tieout('exceptions', 'reopen', '--all', '--preview')
  expect({ exit, out }).toEqual({
    exit: 0,
    out: expect.stringMatching(
      /^1 exception would be reopened; nothing was changed\.\n[^]*\b2 +people +A2/,
    ) as unknown,
  })
  const assign = await tieout(
    'exceptions',
    'assign',
    '--workflow',
    'people',
    '--to',
    'jo',
    '--preview',
    '--json',
  )
  expect(JSON.parse(assign.out)).toEqual({ changed: 0, wouldChange: [3, 1] })
  expect((await tieout('exceptions', 'resolve', '2', '--preview')).err).toContain('EXCEPTION_STATE')
  expect(JSON.parse((await tieout('exceptions', 'list', '--records', '--json')).out)).toMatchObject({
    count: 2,
    exceptions: [
      { id: 3, version: 1 },
      { id: 1, version: 1 },
    ],
  })
})

describe('refuses', () => {
  test.each([
    ['everything unless it is said', ['resolve'], 2, '--all takes every one'],
    ['what is no number', ['resolve', 'A1'], 2, 'whole number'],
    ['to ignore without a reason', ['ignore', '1', '--until', '3d'], 2, "'--reason <text>'"],
    ['to ignore without an end', ['ignore', '1', '--reason', 'x'], 2, 'EXCEPTION_CHANGE_INVALID'],
    ['a time that is none', ['due', '1', '--on', 'soon'], 2, '"soon" is no time'],
    ['a change of what is over', ['reopen', '1'], 1, 'EXCEPTION_STATE'],
    ['a change on an old version', ['resolve', '1', '--if-version', '7'], 1, 'EXCEPTION_CHANGED'],
  ])('%s', async (_, argv, code, message) => {
    const { tieout } = await folder()
    const { exit, err } = await tieout('exceptions', ...argv)
    expect({ exit, err }).toEqual({ exit: code, err: expect.stringContaining(message) as unknown })
  })
})

test('export has all columns, and nothing that a spreadsheet would run', async () => {
  const { at, tieout } = await folder()
  expect((await tieout('exceptions', 'export', '--out', 'mine.csv')).out).toContain('3 exceptions: ')
  const [head = '', ...lines] = readFileSync(join(at, 'mine.csv'), 'utf8').trimEnd().split('\n')
  expect(head).toMatch(/^\uFEFFtieout_id,.*,id,mail,age,'=1\+1$/)
  expect(lines).toHaveLength(3)
  expect(lines[1]).toMatch(/^2,people,open,people.csv line 3,VALIDATION_FAILED,.*,A2,\*+,old,'=2$/)
  expect(existsSync(join(at, 'exceptions.csv'))).toBe(false)
})

test('feed goes on from its cursor', async () => {
  const { tieout } = await folder()
  const first: unknown = JSON.parse((await tieout('feed', '--limit', '3', '--json')).out)
  expect(first).toMatchObject({ events: [{ id: 1 }, { id: 2 }, { id: 3, type: 'exception.opened' }] })
  const { out } = await tieout('feed', '--limit', '3')
  const [, cursor = ''] = /tieout feed --after (\S+)/.exec(out) ?? []
  const next = await tieout('feed', '--after', cursor, '--json')
  expect(JSON.parse(next.out)).toMatchObject({
    events: [{ type: 'run.ended', facts: { status: 'exceptions' } }],
  })
  expect((await tieout('feed', '--after', 'x')).err).toContain('CURSOR_UNKNOWN')
})
