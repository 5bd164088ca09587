import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { VERSION } from '../../gateway/version'
import { join } from 'node:path'
import { commandLine } from '../support/command-line'
import { folderWith } from '../support/folder'

const definition = `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    schema: { properties: { sku: { type: string }, qty: { type: integer } } }
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
`
const stock = 'sku,place,qty\nA1,N,5\nA2,N,many\nA3,S,7\n'

let remove: (() => void)[] = []
afterEach(() => {
  for (const each of remove) each()
  remove = []
})

function folder(files: Record<string, string> = { 'tieout.yaml': definition, 'stock.csv': stock }): string {
  const made = folderWith(files)
  remove.push(made.remove)
  return made.path
}

function read(...path: string[]): string {
  return readFileSync(join(...path), 'utf8')
}

test('validate lists the workflows of a valid definition', async () => {
  const { exit, out, err } = await commandLine(folder())('validate')
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(out).toContain('stock     files/stock.csv  out/stock.ndjson  sku  upsert')
})

test('validate says every problem, and exits 2', async () => {
  const at = folder({ 'tieout.yaml': definition.replace('csv', 'cvs').replace('key: sku', 'kei: sku') })
  const tieout = commandLine(at)
  const { exit, out, err } = await tieout('validate')
  expect({ exit, out }).toEqual({ exit: 2, out: '' })
  expect(err).toContain('DEFINITION_INVALID (8001)')
  expect(err).toContain('tieout.yaml:3: connections.files.connector names no connector; did you mean csv?')
  expect(err).toContain('tieout.yaml:8: workflows.stock.kei is not known; did you mean key?')

  const json: unknown = JSON.parse((await tieout('validate', '--json')).out)
  expect(json).toMatchObject({
    error: { code: 'DEFINITION_INVALID', owner: 'you' },
    problems: expect.arrayContaining([expect.objectContaining({ file: 'tieout.yaml', line: 3 })]) as unknown,
  })
})

describe('sync', () => {
  test('accounts for every record, keeps the rejected ones, and exits 3', async () => {
    const at = folder()
    const { exit, out } = await commandLine(at)('sync', 'stock')
    expect(exit).toBe(3)
    expect(out).toMatch(/created\s+2/)
    expect(out).toMatch(/rejected\s+1\s+VALIDATION_FAILED 1/)
    expect(read(at, 'stock.ndjson')).toBe(
      '{"sku":"A1","place":"N","qty":5}\n{"sku":"A3","place":"S","qty":7}\n',
    )

    const [run = ''] = readdirSync(join(at, '.tieout', 'runs'))
    const rejected = read(at, '.tieout', 'runs', run, 'rejected.csv')
    expect(rejected.split('\n')[0]).toContain(
      'tieout_row,tieout_place,tieout_code,tieout_message,tieout_field,sku,place,qty',
    )
    expect(rejected.split('\n')[1]).toMatch(/^2,.*VALIDATION_FAILED.*,A2,N,many$/)
  })

  test('exits 0 when everything went over, and a second run changes nothing', async () => {
    const at = folder({ 'tieout.yaml': definition, 'stock.csv': stock.replace('many', '6') })
    const tieout = commandLine(at)
    expect((await tieout('sync', 'stock')).exit).toBe(0)
    const written = read(at, 'stock.ndjson')
    const again = await tieout('sync', 'stock', '--json')
    expect(again.exit).toBe(0)
    expect(JSON.parse(again.out)).toMatchObject({
      balanced: true,
      outcomes: { unchanged: { count: 3 }, created: { count: 0 } },
    })
    expect(read(at, 'stock.ndjson')).toBe(written)
  })

  test('exits 1 with code, causes and steps when the source is not there', async () => {
    const at = folder({ 'tieout.yaml': definition })
    const { exit, out } = await commandLine(at)('sync', 'stock')
    expect(exit).toBe(1)
    expect(out).toContain('FILE_NOT_FOUND')
    expect(out).toContain('What to do')
    expect(out).not.toMatch(/\n\s+at /)
  })

  test('exits 3 when a guard holds the deletes, and --approve releases exactly those', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => `A${at},N,1`)
    const at = folder({
      'tieout.yaml': `${definition}    sync: { mode: mirror }\n`,
      'stock.csv': ['sku,place,qty', ...rows, ''].join('\n'),
    })
    const tieout = commandLine(at)
    expect((await tieout('sync', 'stock')).exit).toBe(0)

    writeFileSync(join(at, 'stock.csv'), ['sku,place,qty', ...rows.slice(0, 20), ''].join('\n'))
    const held = await tieout('sync', 'stock')
    expect(held.exit).toBe(3)
    const [, approve = ''] = /tieout sync stock --approve (\w+)/.exec(held.out) ?? []
    expect(read(at, 'stock.ndjson').trim().split('\n')).toHaveLength(40)

    const released = await tieout('sync', 'stock', '--approve', approve)
    expect(released.exit).toBe(0)
    expect(read(at, 'stock.ndjson').trim().split('\n')).toHaveLength(20)
  })

  test('stops at a checkpoint after Ctrl-C, says how to go on, and goes on', async () => {
    const rows = Array.from({ length: 50_000 }, (_, at) => `A${at},N,1`)
    const at = folder({
      'tieout.yaml': `${definition}    sync: { checkpointEvery: 1000 }\n`,
      'stock.csv': ['sku,place,qty', ...rows, ''].join('\n'),
    })
    const interrupted = await commandLine(at, {
      onStart: (interrupt) => {
        setTimeout(interrupt, 0)
      },
    })('sync', 'stock')
    expect(interrupted.err).toContain('Stopping at the next checkpoint. Press Ctrl-C again to end at once.')
    expect(interrupted.out).toContain('To go on: tieout sync stock')
    expect(interrupted.exit).toBe(1)
    // nothing of what was written is in the file yet, and nobody is told otherwise
    expect(existsSync(join(at, 'stock.ndjson'))).toBe(false)
    expect(interrupted.out).toMatch(/created +[\d,]+ +new, but not in the target yet\n/)
    expect(interrupted.out).toContain('stock.ndjson is as it was: what is to be written waits beside it.')

    const { exit, out } = await commandLine(at)('sync', 'stock', '--json')
    expect(exit).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      balanced: true,
      attempts: 2,
      read: { source: { count: 50_000 } },
    })
    expect(read(at, 'stock.ndjson').trim().split('\n')).toHaveLength(50_000)
  })
})

test('plan shows what would happen and writes nothing', async () => {
  const at = folder()
  const { exit, out } = await commandLine(at)('plan', 'stock')
  expect(exit).toBe(0)
  expect(out).toContain('nothing was written')
  expect(out).toContain('sku="A1" place="N" qty=5')
  expect(out).toContain('stock.csv line 3: VALIDATION_FAILED')
  expect(existsSync(join(at, 'stock.ndjson'))).toBe(false)
})

test('the receipt counts the bytes of files', async () => {
  const at = folder()
  const { out } = await commandLine(at)('sync', 'stock', '--json')
  const written = Buffer.byteLength(read(at, 'stock.ndjson'))
  const receipt: unknown = JSON.parse(out)
  expect(receipt).toMatchObject({ traffic: { bytesOut: written } })
  expect(receipt).not.toMatchObject({ traffic: { bytesIn: 0 } })
})

test('streams lists what a connection can read', async () => {
  const tieout = commandLine(folder())
  const { exit, out } = await tieout('streams', 'files')
  expect(exit).toBe(0)
  expect(out).toMatch(/^stock\.csv/m)
  const unknown = await tieout('streams', 'fils', '--json')
  expect(unknown.exit).toBe(2)
  expect(JSON.parse(unknown.out)).toMatchObject({
    error: {
      code: 'CONNECTION_UNKNOWN',
      detail: 'There is no connection fils; did you mean files?',
      evidence: { connection: 'fils' },
    },
  })
})

test('runs lists what was done, and shows one run', async () => {
  const tieout = commandLine(folder())
  expect((await tieout('runs')).out).toBe('There are no runs yet.\n')
  await tieout('sync', 'stock')
  const { out } = await tieout('runs', 'stock')
  expect(out).toMatch(/stock\s+sync\s+exceptions/)
  const [id = ''] = out.split('\n')[1]?.split(' ') ?? []
  const shown = await tieout('runs', 'show', id)
  expect(shown.out).toContain('stock.csv line 3: VALIDATION_FAILED')
  const unknown = await tieout('runs', 'show', 'none', '--json')
  expect(unknown.exit).toBe(1)
  expect(JSON.parse(unknown.out)).toMatchObject({
    error: { code: 'RUN_UNKNOWN', detail: 'There is no run none here.', evidence: { run: 'none' } },
  })
})

test('a run that could not begin is listed with its code, and nothing of it is gone on with', async () => {
  const nowhere = definition
    .replace('{ connector: ndjson }', '{ connector: sqlite, file: shop.sqlite }')
    .replace('stream: stock.ndjson', 'stream: stock')
  const at = folder({ 'tieout.yaml': nowhere, 'stock.csv': stock })
  const tieout = commandLine(at)
  expect((await tieout('sync', 'stock')).exit).not.toBe(0)
  expect((await tieout('reconcile', 'stock')).exit).not.toBe(0)
  const { out } = await tieout('runs')
  expect(out).toMatch(/reconcile\s+failed.*DATABASE_FILE_UNUSABLE\n.*sync\s+failed.*DATABASE_FILE_UNUSABLE/)
  expect((await tieout('feed')).out).toMatch(/run.ended.*failed DATABASE_FILE_UNUSABLE/)
  const [, , id = ''] = out.split('\n').map((line) => line.split(' ')[0])
  expect((await tieout('runs', 'show', id)).out).toMatch(
    /^stock: failed\n\nDATABASE_FILE_UNUSABLE .*shop.sqlite/s,
  )

  writeFileSync(join(at, 'tieout.yaml'), definition)
  const after = await tieout('sync', 'stock')
  expect(after.out).not.toContain(id)
  expect((await tieout('runs')).out.trimEnd().split('\n')).toHaveLength(4)
})

test('undo takes back what a run wrote', async () => {
  const before = '{"sku":"A1","place":"N","qty":1}\n'
  const at = folder({ 'tieout.yaml': definition, 'stock.csv': stock, 'stock.ndjson': before })
  const tieout = commandLine(at)
  await tieout('sync', 'stock')
  expect(read(at, 'stock.ndjson')).not.toBe(before)
  const [run = ''] = readdirSync(join(at, '.tieout', 'runs'))
  expect(await tieout('undo', run)).toMatchObject({ exit: 0, err: '' })
  expect(read(at, 'stock.ndjson')).toBe(before)
  expect((await tieout('undo', 'none')).exit).toBe(1)
})

test('undo leaves alone what somebody changed since, and says which records', async () => {
  const at = folder()
  const tieout = commandLine(at)
  await tieout('sync', 'stock')
  const [run = ''] = readdirSync(join(at, '.tieout', 'runs'))
  writeFileSync(join(at, 'stock.ndjson'), read(at, 'stock.ndjson').replace('"qty":5', '"qty":6'))
  const undone = await tieout('undo', run, '--json')
  expect(undone.exit).toBe(3)
  expect(JSON.parse(undone.out)).toMatchObject({ rejectedBy: { CHANGED_SINCE: 1 } })
  expect(read(at, 'stock.ndjson')).toBe('{"sku":"A1","place":"N","qty":6}\n')
})

test('rejected records are kept whatever their fields are called', async () => {
  const at = folder({ 'tieout.yaml': definition, 'stock.csv': 'sku,=1+1,qty\nA1,=2+2,many\n' })
  expect(await commandLine(at)('sync', 'stock')).toMatchObject({ exit: 3, err: '' })
  const [run = ''] = readdirSync(join(at, '.tieout', 'runs'))
  expect(read(at, '.tieout', 'runs', run, 'rejected.csv')).toMatch(/,sku,'=1\+1,qty\n.*,A1,'=2\+2,many\n$/)
})

test('every rejected record is in the CSV, however many there are', async () => {
  const rows = Array.from({ length: 2500 }, (_, i) => `A${String(i)},N,many\n`).join('')
  const loose = definition + '    sync: { guards: { rejects: 100% } }\n'
  const at = folder({ 'tieout.yaml': loose, 'stock.csv': 'sku,place,qty\n' + rows })
  expect((await commandLine(at)('sync', 'stock')).exit).toBe(3)
  const [run = ''] = readdirSync(join(at, '.tieout', 'runs'))
  const lines = read(at, '.tieout', 'runs', run, 'rejected.csv').trimEnd().split('\n')
  expect(lines).toHaveLength(2501)
  expect(new Set(lines).size).toBe(2501)
})

test('a folder of state that somebody made for its secrets is closed to others, but not to its group', async () => {
  const at = folder()
  mkdirSync(join(at, '.tieout'))
  chmodSync(join(at, '.tieout'), 0o755)
  await commandLine(at)('sync', 'stock')
  expect(statSync(join(at, '.tieout')).mode & 0o777).toBe(0o750)
})

test('verify-receipt holds for what sync wrote and not for what somebody changed', async () => {
  const at = folder()
  const tieout = commandLine(at)
  await tieout('sync', 'stock')
  const [run = ''] = readdirSync(join(at, '.tieout', 'runs'))
  expect((await tieout('verify-receipt', run)).exit).toBe(0)

  const file = join('.tieout', 'runs', run, 'receipt.json')
  writeFileSync(join(at, file), read(at, file).replace('"count": 2', '"count": 3'))
  const changed = await tieout('verify-receipt', file)
  expect(changed.exit).toBe(1)
  expect(changed.out).toContain('The receipt does not hold')

  // who reads the file sees the first of two, a program the second
  writeFileSync(join(at, file), read(at, file).replace('"status":', '"status": "failed", "status":'))
  expect(await tieout('verify-receipt', file)).toMatchObject({
    exit: 2,
    err: expect.stringContaining('"status" stands there twice') as unknown,
  })
  for (const [name, why] of [
    ['none', 'no run none with a receipt'],
    ['stock.csv', 'stock.csv: not JSON'],
  ] as const) {
    const { exit, out } = await tieout('verify-receipt', name, '--json')
    expect(exit).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      error: {
        code: 'RECEIPT_NOT_READABLE',
        detail: expect.stringContaining(why) as unknown,
        evidence: { path: expect.stringContaining(name) as unknown },
      },
    })
  }
})

describe('doctor', () => {
  test('says of each connection what passed, and exits 0', async () => {
    const { exit, out } = await commandLine(folder())('doctor')
    expect(exit).toBe(0)
    expect(out).toMatch(/files\n\s+passed/)
  })

  test('names the failed step, who fixes it and how, and exits 1', async () => {
    const { exit, out } = await commandLine(folder({ 'tieout.yaml': definition }))('doctor', 'files')
    expect(exit).toBe(1)
    expect(out).toContain('FAILED')
    expect(out).toMatch(/1\. you: /)
    expect(out).not.toContain('out\n')
  })

  test('knows what was probably meant', async () => {
    const { exit, err } = await commandLine(folder())('doctor', 'fils')
    expect(exit).toBe(2)
    expect(err).toContain('did you mean files?')
  })
})

describe('every command', () => {
  test('answers a wrong command line with what was meant, and exits 2', async () => {
    const tieout = commandLine(folder())
    const unknown = await tieout('snyc', 'stock')
    expect(unknown).toMatchObject({ exit: 2, out: '' })
    expect(unknown.err).toContain('COMMAND_INVALID')
    expect(unknown.err).toContain('Did you mean sync?')
    expect((await tieout('sync')).err).toContain("missing required argument 'workflow'")
    const swallowed = await tieout('sync', 'stock', '--approve', '--full')
    expect(swallowed).toMatchObject({ exit: 2, out: '' })
    expect(swallowed.err).toContain("'--approve <hash>' argument missing before --full")
    expect((await tieout('sync', 'stok')).err).toContain('Did you mean stock?')
    expect((await tieout()).exit).toBe(2)
    expect((await tieout('--help')).exit).toBe(0)
    expect(await tieout('--version')).toMatchObject({ exit: 0, out: `${VERSION}\n` })
  })

  test('answers with exactly one JSON document when asked to', async () => {
    const tieout = commandLine(folder())
    for (const argv of [
      ['validate'],
      ['plan', 'stock'],
      ['sync', 'stock'],
      ['runs'],
      ['doctor'],
      ['snyc'],
      ['sync', 'stok'],
    ]) {
      const { out } = await tieout(...argv, '--json')
      expect(() => JSON.parse(out) as unknown).not.toThrow()
    }
  })

  test('colours only what goes to a terminal, and nothing with NO_COLOR', async () => {
    const at = folder()
    expect((await commandLine(at)('sync', 'stock')).out).not.toContain('\u001b')
    expect((await commandLine(at, { terminal: true })('runs', 'show', 'x')).err).toContain('\u001b[31m')
    expect(
      (await commandLine(at, { terminal: true, env: { NO_COLOR: '1' } })('runs', 'show', 'x')).err,
    ).not.toContain('\u001b')
  })
})
