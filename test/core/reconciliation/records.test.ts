import { clock } from '../../../shared/adapters/clock'
import { signer } from '../../../shared/adapters/signer'
import { NodeSpill } from '../../../shared/adapters/spill'
import { reconcileRecords } from '../../../shared/core/reconciliation/records'
import type { DataRecord } from '../../../shared/core/record/value'

const ports = { clock, signer, spill: new NodeSpill() }
const { signal } = new AbortController()

/** In an order of its own by `step`, which shares no factor with the count. */
function records(count: number, step: number): DataRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const id = (i * step) % count
    return { id: `K${id}`, quantity: id / 100, place: `p${id % 7}`, at: '2026-03-01T10:00:00Z', active: true }
  })
}

test('records that a host has in memory are reconciled as they stand', async () => {
  const source = [{ id: 1, quantity: 5, name: 'Bolt ' }]
  const target = [{ id: 1, quantity: 4, name: 'bolt' }]
  const { result, breaks } = await reconcileRecords({
    source,
    target,
    key: ['id'],
    reconcile: { compare: { name: { ignore: ['case', 'space'] } }, measures: ['quantity'] },
    ports,
    signal,
  })
  expect(result).toMatchObject({ status: 'breaks', measures: [{ difference: '1' }] })
  expect(breaks).toMatchObject([{ key: '[1]', fields: [{ field: 'quantity', source: 5, target: 4 }] }])
})

test('a field that the settings name and no record has is told: its total of 0 agrees with anything', async () => {
  const given = { key: ['id'], reconcile: { measures: ['qty'], dimensions: ['Place'] }, ports, signal }
  const { result } = await reconcileRecords({ source: records(3, 1), target: records(3, 1), ...given })
  expect(result.notes).toEqual([
    expect.stringContaining('No record has the field qty'),
    expect.stringContaining('No record has the field Place'),
    expect.stringContaining('records without one: 3 of 3 in the source'),
  ])
  const empty = await reconcileRecords({ source: [], target: records(3, 1), ...given })
  expect(empty.result.notes).toEqual([expect.stringContaining('records without one: 3 of 3 in the target')])
})

test('50,000 on each side take no more than the time of a page, and others get their turn', async () => {
  const [source, target] = [records(50_000, 1), records(50_000, 7919)]
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const before = process.cpuUsage()
  const { result } = await reconcileRecords({
    source,
    target,
    key: ['id'],
    reconcile: { dimensions: ['place'], measures: ['quantity'] },
    ports,
    signal,
  })
  const { user, system } = process.cpuUsage(before)
  clearInterval(timer)
  expect(result).toMatchObject({ status: 'ties-out', compared: { pairs: 50_000 } })
  // a quadratic search takes more than ten times as long
  expect((user + system) / 1e6).toBeLessThan(3)
  expect(turns).toBeGreaterThan(3)
})
