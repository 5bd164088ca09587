import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { EXIT } from '../../cli/exit'
import { commandLine } from '../support/command-line'
import { folderWith } from '../support/folder'

const DEFINITION = `tieout: 1
connections:
  files: { connector: csv }
workflows:
  stock:
    title: Stock
    key: [sku, place]
    source: { connection: files, stream: erp.csv }
    target: { connection: files, stream: shop.csv }
    reconcile: { dimensions: [place], measures: [quantity] }
`
const ERP = 'sku,place,quantity\nA1,north,5\nA2,north,12\nB1,south,3\n'
const SHOP = 'sku,place,quantity\nA1,north,5\nA2,north,7\nB2,south,3\n'

let folder: ReturnType<typeof folderWith>
let tieout: ReturnType<typeof commandLine>

beforeEach(() => {
  folder = folderWith({ 'tieout.yaml': DEFINITION, 'erp.csv': ERP, 'shop.csv': SHOP })
  tieout = commandLine(folder.path)
})
afterEach(() => {
  folder.remove()
})

const file = (name: string): string => readFileSync(join(folder.path, name), 'utf8')

/** What `reconcile --json` answered. */
async function reconciled(...options: string[]): Promise<Readonly<Record<string, unknown>>> {
  const { out } = await tieout('reconcile', 'stock', '--json', ...options)
  const answer: unknown = JSON.parse(out)
  return { ...(typeof answer === 'object' ? answer : {}) }
}

test('says in words that both sides agree, and leaves a page', async () => {
  writeFileSync(join(folder.path, 'shop.csv'), ERP)
  const { exit, out, err } = await tieout('reconcile', 'stock')
  expect({ exit, err }).toEqual({ exit: EXIT.ok, err: '' })
  expect(out).toContain('Stock\nTies out: 3 pairs of records agree\n')
  const [, page = ''] = /^Report: (.*)$/m.exec(out) ?? []
  expect(readFileSync(page, 'utf8')).toContain('Ties out: 3 pairs of records agree')
})

test('shows what differs, where and by how much, with exit code 3', async () => {
  const { exit, out } = await tieout('reconcile', 'stock')
  expect(exit).toBe(EXIT.exceptions)
  expect(out).toContain('Does not tie out: 3 records differ, quantity off by 5\n')
  expect(out).toContain('3 open: fields differ 1, only in the source 1, only in the target 1')
  // south agrees in total, and is named all the same
  expect(out).toMatch(/^ {2}south +0 +2$/m)
})

test('of many fields that differ it says how many more there are', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `f${i}`)
  const row = (value: string): string => `A1,north,5,${names.map(() => value).join(',')}`
  const head = `sku,place,quantity,${names.join(',')}`
  writeFileSync(join(folder.path, 'erp.csv'), `${head}\n${row('x')}\n`)
  writeFileSync(join(folder.path, 'shop.csv'), `${head}\n${row('y')}\n`)
  const { out } = await tieout('reconcile', 'stock')
  expect(out).toContain('f7 1, 2 more fields in the report')
})

test('writes the report in every form', async () => {
  const { files } = await reconciled('--html', 'r.html', '--xlsx', 'r.xlsx', '--csv', 'out')
  const paths = Array.isArray(files) ? files.map(String) : []
  expect(paths).toHaveLength(5)
  expect(paths.filter((path) => !existsSync(path))).toEqual([])
  expect(file('r.html')).toContain('<!doctype html>')
  expect(file('r.xlsx').slice(0, 2)).toBe('PK')
  expect(parse(file('out/breaks.csv'), { bom: true, columns: true })).toHaveLength(3)
})

test('leads from a total to its records and fields, and hands out just those', async () => {
  await tieout('reconcile', 'stock')
  const north = await tieout('report', 'stock', '--where', 'place=north')
  expect(north.out).toContain('1 break; source -> target\nA2 / north  fields differ, quantity +5')
  expect(north.out).toContain('    quantity: 12 -> 7 (+5)')
  expect((await tieout('report', 'stock', '--kind', 'missing-in-source')).out).toContain('B2 / south')
  expect((await tieout('report', 'stock', '--field', 'nothing')).out).toBe('There are no such breaks.\n')
  expect((await tieout('report', 'stock', '--limit', '1', '--state', 'open')).out).toContain('and 2 more')

  await tieout('report', 'stock', '--where', 'place=south', '--format', 'csv', '--out', 'south')
  expect(parse(file('south/breaks.csv'), { bom: true, columns: true })).toHaveLength(2)
})

test('what the report does not have is said with what it has', async () => {
  await tieout('reconcile', 'stock')
  const { exit, err } = await tieout('report', 'stock', '--where', 'plaice=north')
  expect(exit).toBe(EXIT.usage)
  expect(err).toContain('The report has no dimension plaice; did you mean place?')
  expect((await tieout('report', 'other')).err).toContain('RECONCILIATION_UNKNOWN')
})

test('a month is signed once, with a comment where breaks are open', async () => {
  const { id, contentHash } = await reconciled()
  const sign = (...more: string[]): ReturnType<typeof tieout> =>
    tieout('sign-off', String(id), '--period', '2026-11', '--as', 'Ada', ...more)

  expect((await sign()).err).toContain('has 3 open breaks')
  const nobody = await sign('--as', ' ', '--comment', 'sent to the warehouse')
  expect([nobody.exit, nobody.err]).toEqual([EXIT.usage, expect.stringContaining('--as needs the name')])
  const signed = await sign('--comment', 'sent to the warehouse')
  expect(signed.exit).toBe(EXIT.ok)
  expect(signed.out).toContain(contentHash)
  expect((await sign('--comment', 'again')).err).toContain('Ada signed')
  expect((await tieout('report', String(id))).out).toMatch(
    /Signed\n {2}2026-11 by Ada, .*: sent to the warehouse/,
  )
  expect((await tieout('feed')).out).toContain('reconciliation.signed-off')
})

test('--sync sends what the target lacks or holds otherwise; the next reconciliation proves it', async () => {
  const { exit, out } = await tieout('reconcile', 'stock', '--sync')
  expect(exit).toBe(EXIT.exceptions)
  expect(out).toContain('Every record is accounted for: 2 = 1 created + 1 updated')
  expect((await tieout('reconcile', 'stock')).out).toContain(
    'Does not tie out: 1 record differs, quantity off by 3',
  )
})

test('what the target has under another key is not sent there, where it would be one more', async () => {
  const match = 'match: [{ on: [{ field: sku, ignore: [case] }, place] }]'
  writeFileSync(
    join(folder.path, 'tieout.yaml'),
    DEFINITION.replace('reconcile: {', `reconcile: { ${match},`),
  )
  const shop = 'sku,place,quantity\na2,north,7\n'
  writeFileSync(join(folder.path, 'shop.csv'), shop)
  writeFileSync(join(folder.path, 'erp.csv'), 'sku,place,quantity\nA2,north,12\n')
  const { out, err } = await tieout('reconcile', 'stock', '--sync', '--exceptions')
  expect(out).toContain('1 record that differs has another key in the target')
  expect(err).toContain('The target has what was chosen of stock under another key')
  const retried = await tieout('exceptions', 'retry', '--workflow', 'stock')
  expect(retried.err).toContain('RETRY_EMPTY')
  const decided = await tieout('exceptions', 'decide', '1', '--accept', 'source')
  expect(decided.err).toContain('Exception 1: the target has it under another key')
  expect(file('shop.csv')).toBe(shop)

  writeFileSync(join(folder.path, 'erp.csv'), 'sku,place,quantity\nA2,north,12\nC3,north,1\n')
  const some = await tieout('reconcile', 'stock', '--sync')
  expect(some.out).toContain('1 record read')
  expect(file('shop.csv')).toBe(`${shop}C3,north,1\n`)
})

test('a report that cannot be written names the file and what to do', async () => {
  const { id } = await reconciled()
  const { exit, err } = await tieout(
    'report',
    String(id),
    '--format',
    'xlsx',
    '--out',
    'tieout.yaml/report.xlsx',
  )
  expect([exit, err]).toEqual([EXIT.usage, expect.stringContaining('FILE_NOT_WRITABLE')])
})

test('--exceptions puts the breaks into the inbox', async () => {
  await tieout('reconcile', 'stock', '--exceptions')
  expect((await tieout('exceptions', 'list')).out).toContain('3 open exceptions')
})

test('a side that cannot be read is a result that says so', async () => {
  rmSync(join(folder.path, 'erp.csv'))
  const { exit, out } = await tieout('reconcile', 'stock')
  expect(exit).toBe(EXIT.failed)
  expect(out).toContain('Not reconciled: ')
})
