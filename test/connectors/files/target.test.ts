import { existsSync } from 'node:fs'
import { lstat, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { csv } from '../../../connectors/csv'
import { json } from '../../../connectors/json'
import { ndjson } from '../../../connectors/ndjson'
import { xlsx } from '../../../connectors/xlsx'
import { xml } from '../../../connectors/xml'
import type { Answer, Connector, SyncMode, Target } from '../../../shared/core/connector'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { batchOf, FileBench, live } from './bench'

let bench: FileBench
beforeEach(async () => {
  bench = await FileBench.open()
})
afterEach(() => bench.close())

const outcomes = (answers: readonly Answer[]) =>
  answers.map((answer) => ('reason' in answer ? `${answer.outcome} ${answer.reason}` : answer.outcome))

const formats: [name: string, connector: Connector, file: string][] = [
  ['csv', csv, 'stock.csv'],
  ['csv packed with gzip', csv, 'stock.csv.gz'],
  ['json', json, 'stock.json'],
  ['ndjson', ndjson, 'stock.ndjson'],
  ['xml', xml, 'stock.xml'],
  ['xlsx', xlsx, 'stock.xlsx'],
]

describe.each(formats)('%s', (_, connector, file) => {
  const ids = async () =>
    (await bench.rows(connector, file)).map((row) => ('id' in row ? textOf(row['id']) : ''))

  test('what becomes of each record in each mode', async () => {
    await bench.write(connector, file, [
      { id: 1, qty: 1.5, note: 'a' },
      { id: 2, qty: 2, note: 'b' },
      { id: 3, qty: 3, note: '' },
    ])
    const write = async (
      mode: SyncMode,
      operation: 'insert' | 'update' | 'upsert' | 'delete',
      records: DataRecord[],
    ) => {
      const target = await bench.target(connector, file, { mode })
      const planned = outcomes((await target.plan?.(batchOf(records, operation), live)) ?? [])
      const answers = outcomes(await target.write(batchOf(records, operation), live))
      expect(planned).toEqual(answers)
      await target.finish?.(live)
      return answers
    }
    const records = [
      { note: 'a', id: 1, qty: 1.5 },
      { id: 2, qty: 20, note: 'b' },
      { id: 4, qty: 4, note: 'd' },
    ]
    expect(await write('insert-only', 'insert', records)).toEqual(['unchanged', 'skipped exists', 'created'])
    expect(await write('update-only', 'update', [...records, { id: 9, qty: 9 }])).toEqual([
      'unchanged',
      'updated',
      'unchanged',
      'skipped absent',
    ])
    expect(await write('mirror', 'delete', [{ id: 3 }, { id: 9 }])).toEqual(['deleted', 'skipped absent'])
    expect(await write('upsert', 'upsert', records)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect(await ids()).toEqual(['1', '2', '4'])
    expect(await readdir(bench.folder)).toEqual([file])
  })

  test('append adds to what is there, in order', async () => {
    await bench.write(connector, file, [{ id: 1, qty: 1 }], { mode: 'append' })
    await bench.write(
      connector,
      file,
      [
        { id: 1, qty: 1 },
        { id: 2, qty: 2 },
      ],
      { mode: 'append' },
    )
    await bench.write(connector, file, [{ id: 3, extra: 'x' }], { mode: 'append' })
    expect(await ids()).toEqual(['1', '1', '2', '3'])
  })

  test('the keys that it lists are of the type that the workflow knows', async () => {
    await bench.write(connector, file, [
      { id: 7, qty: 1 },
      { id: 8, qty: 1 },
    ])
    const target = await bench.target(connector, file, { mode: 'mirror' })
    await target.write(batchOf([{ id: 7, qty: 1 }]), live)
    expect(await keysOf(target)).toEqual([{ id: 7 }, { id: 8 }])
  })
})

async function keysOf(target: Target): Promise<DataRecord[]> {
  const keys: DataRecord[] = []
  for await (const some of target.keys?.(live) ?? []) keys.push(...some)
  return keys
}

test('nothing is visible before finish, and a run that changes nothing leaves the file alone', async () => {
  await bench.put('a.csv', 'id;qty\n1;1.50\n')
  const target = await bench.target(csv, 'a.csv')
  await target.write(batchOf([{ id: 1, qty: 2 }]), live)
  expect(await bench.text('a.csv')).toBe('id;qty\n1;1.50\n')
  await target.finish?.(live)
  expect(await bench.text('a.csv')).toBe('id;qty\n1;2\n')

  await bench.put('a.csv', 'id;qty\n1;1.50\n')
  expect(await bench.write(csv, 'a.csv', [{ qty: 1.5, id: 1 }])).toEqual([{ outcome: 'unchanged' }])
  expect(await bench.text('a.csv')).toBe('id;qty\n1;1.50\n')
})

test('fields that a record does not have stay as they are; the answer has what was there before', async () => {
  await bench.put('a.csv', 'id,qty,note\n1,1,keep\n')
  const answers = await bench.write(csv, 'a.csv', [{ id: '1', qty: 2 }])
  expect(answers).toEqual([{ outcome: 'updated', before: { id: '1', qty: '1', note: 'keep' } }])
  expect(await bench.text('a.csv')).toBe('id,qty,note\n1,2,keep\n')
})

test('leading zeros make another key; 0 and false are values', async () => {
  await bench.put('a.csv', 'id,ok\n007,false\n0,false\n')
  const answers = await bench.write(csv, 'a.csv', [
    { id: 7, ok: true },
    { id: 0, ok: false },
    { id: '007', ok: false },
  ])
  expect(outcomes(answers)).toEqual(['created', 'unchanged', 'unchanged'])
})

test('a batch that arrives again is answered as the first time and not written twice, also by a new process', async () => {
  const batch = batchOf([{ id: 1 }, { id: 2 }], 'insert')
  const first = await bench.target(csv, 'a.csv', { mode: 'append' })
  const answers = await first.write(batch, live)
  expect(await first.write(batch, live)).toEqual(answers)
  await bench.release()
  const second = await bench.target(csv, 'a.csv', { mode: 'append' })
  expect(await second.write(batch, live)).toEqual(answers)
  await second.finish?.(live)
  expect(await bench.text('a.csv')).toBe('id\n1\n2\n')
})

test('a file that somebody changed during a run is not overwritten', async () => {
  await bench.put('a.csv', 'id\n1\n')
  const first = await bench.target(csv, 'a.csv')
  await first.write(batchOf([{ id: 2 }]), live)
  await bench.release()
  await bench.put('a.csv', 'id\n1\n5\n')
  const second = await bench.target(csv, 'a.csv')
  await expect(second.write(batchOf([{ id: 3 }]), live)).rejects.toMatchObject({
    code: 'FILE_CHANGED_MEANWHILE',
  })
  expect(await bench.text('a.csv')).toBe('id\n1\n5\n')
})

test('two runs do not write one file at once', async () => {
  const first = await bench.target(csv, 'a.csv')
  await first.write(batchOf([{ id: 1 }]), live)
  const second = await bench.target(csv, 'a.csv')
  await expect(second.write(batchOf([{ id: 2 }]), live)).rejects.toMatchObject({ code: 'FILE_LOCKED' })
  await first.finish?.(live)
  // it waits, and then it is its turn
  expect(outcomes(await second.write(batchOf([{ id: 2 }]), live))).toEqual(['created'])
  await second.finish?.(live)
  expect(await bench.text('a.csv')).toBe('id\n1\n2\n')
})

test('who only looks keeps no run out, and sees the file as it is', async () => {
  await bench.put('a.csv', 'id,qty\n1,5\n')
  const looks = await bench.target(csv, 'a.csv', { looks: true })
  expect(await looks.lookup?.([{ id: 1 }], live)).toEqual([{ id: '1', qty: '5' }])
  const run = await bench.target(csv, 'a.csv')
  await run.write(batchOf([{ id: 1, qty: 6 }]), live)
  const looksMeanwhile = await bench.target(csv, 'a.csv', { looks: true })
  expect(await looksMeanwhile.lookup?.([{ id: 1 }], live)).toEqual([{ id: '1', qty: '5' }])
  expect(outcomes((await looksMeanwhile.plan?.(batchOf([{ id: 1, qty: 5 }]), live)) ?? [])).toEqual([
    'unchanged',
  ])
  await run.finish?.(live)
  expect(await bench.text('a.csv')).toBe('id,qty\n1,6\n')
  await bench.release()
  expect(await readdir(bench.folder)).toEqual(['a.csv'])
})

test.each([
  ['a row that cannot be read', 'id,a\n1,x\n2\n', 'line 3'],
  ['two rows of one key', 'id,a\n1,x\n1,y\n', 'row 2 has the same key as row 1'],
  ['a row without a key', 'id,a\n,x\n', 'row 1'],
])('a target with %s is left alone', async (_, content, place) => {
  await bench.put('a.csv', content)
  const target = await bench.target(csv, 'a.csv')
  await expect(target.write(batchOf([{ id: 9 }]), live)).rejects.toMatchObject({
    code: 'TARGET_FILE_NOT_REWRITABLE',
    detail: expect.stringContaining(place) as unknown,
  })
  expect(await bench.text('a.csv')).toBe(content)
  expect(existsSync(join(bench.folder, 'a.csv.tieout-stage'))).toBe(false)
})

test('a file that is written anew keeps its delimiter', async () => {
  await bench.put('a.csv', 'id;qty\n1;1,5\n2;2,5\n')
  await bench.write(csv, 'a.csv', [{ id: '1', qty: '3,5' }])
  expect(await bench.text('a.csv')).toBe('id;qty\n1;3,5\n2;2,5\n')
})

test('append keeps the bytes, the delimiter and the column order of the old file', async () => {
  await bench.put('a.csv', '\uFEFFqty;id\r\n"1";old')
  await bench.write(csv, 'a.csv', [{ id: 'a;b', qty: 2 }], { mode: 'append', settings: { eol: '\r\n' } })
  expect(await bench.text('a.csv')).toBe('\uFEFFqty;id\r\n"1";old\r\n2;"a;b"\r\n')
})

test('a full disk that shows only at the end leaves nothing behind', async () => {
  await symlink('/dev/full', join(bench.folder, 'a.csv.gz.tieout-new'))
  await expect(bench.write(csv, 'a.csv.gz', [{ id: 1 }])).rejects.toMatchObject({ code: 'DISK_FULL' })
  await expect(lstat(join(bench.folder, 'a.csv.gz.tieout-new'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test.each(formats)('a full disk ends the run, and the old file stays: %s', async (_, connector, file) => {
  await bench.write(connector, file, [{ id: 1, qty: 1 }])
  const before = await bench.rows(connector, file)
  // the device that answers every write with ENOSPC (Linux, full(4)), where the new file is made
  await symlink('/dev/full', join(bench.folder, `${file}.tieout-new`))
  await expect(bench.write(connector, file, [{ id: 2, qty: 2 }])).rejects.toMatchObject({
    code: 'DISK_FULL',
    then: 'stop',
    detail: `${file} could not be written: no space`,
    evidence: { file, systemCode: 'ENOSPC' },
  })
  expect(await bench.rows(connector, file)).toEqual(before)
})
