import fc from 'fast-check'
import {
  makeReceipt,
  verifyReceipt,
  type Receipt,
  type ReceiptDraft,
} from '../../../shared/core/bulk-sync/receipt'
import { Tally } from '../../../shared/core/bulk-sync/outcome'
import { undoRun } from '../../../shared/core/bulk-sync/undo'
import { isList, isObject, type Value } from '../../../shared/core/record/value'
import { lostAnswer, outage } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

/** As it lies in a file. */
function saved(receipt: Receipt): Value {
  const parsed: unknown = JSON.parse(JSON.stringify(receipt))
  return asValue(parsed)
}

function asValue(parsed: unknown): Value {
  if (Array.isArray(parsed)) return parsed.map(asValue)
  if (typeof parsed === 'object' && parsed !== null)
    return Object.fromEntries(Object.entries(parsed).map(([name, inner]) => [name, asValue(inner)]))
  return typeof parsed === 'string' || typeof parsed === 'number' || typeof parsed === 'boolean'
    ? parsed
    : null
}

/** One receipt of each kind that there is, with all that a receipt may hold. */
async function receipts(): Promise<Map<string, Receipt>> {
  const bench = new Bench(rows(100), { mode: 'mirror' })
  bench.workflow.source.cursor = { field: 'qty', lagMs: 0 }
  bench.target.refuse = (record) => (record['id'] === 7 ? 'no' : undefined)
  const exceptions = await bench.sync({ full: true })

  bench.target.refuse = () => undefined
  bench.source.rows = [{ id: null }, ...rows(80), { id: 5, name: 'record 5', qty: 4 }]
  const held = await bench.sync({ full: true })
  bench.source.rows = rows(98)
  const deletes = await bench.sync({ full: true })
  const undone = await undoRun(bench.request(), deletes.run)

  const failing = new Bench(rows(100))
  failing.target.before = (_, call) => {
    if (call > 4) throw outage()
  }
  const failed = await failing.sync()

  const losing = new Bench(rows(30), { mode: 'insert-only' })
  losing.target.abilities = { compares: false, repeat: 'doubles', atomic: true, before: false }
  delete losing.target.lookup
  losing.target.after = () => {
    throw lostAnswer()
  }
  const unknown = await losing.sync()

  const empty = await new Bench([]).sync()
  return new Map(Object.entries({ exceptions, held, deletes, undone, failed, unknown, empty }))
}

let all: Map<string, Receipt>
beforeAll(async () => {
  all = await receipts()
})

/** The paths of all leaves of a JSON document. */
function leaves(value: Value, path: readonly string[] = []): { path: readonly string[]; value: Value }[] {
  if (isList(value)) return value.flatMap((inner, i) => leaves(inner, [...path, String(i)]))
  if (isObject(value)) return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]))
  return [{ path, value }]
}

function replaced(value: Value, [step, ...rest]: readonly string[], by: Value | undefined): Value {
  if (step === undefined) return by ?? null
  const entries = (
    isList(value) ? [...value.entries()] : Object.entries(isObject(value) ? value : {})
  ).flatMap(([name, inner]): [string, Value][] => {
    if (String(name) !== step) return [[String(name), inner]]
    if (rest.length === 0 && by === undefined) return []
    return [[String(name), replaced(inner, rest, by)]]
  })
  return isList(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

function other(value: Value): Value {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (typeof value !== 'string') return 'x'
  // checksums stay checksums
  return value === '' ? 'x' : (value.startsWith('0') ? '1' : '0') + value.slice(1)
}

describe('a receipt that a run made', () => {
  it('comes in every kind', () => {
    expect([...all].map(([name, receipt]) => [name, receipt.status, counts(receipt)])).toEqual([
      ['exceptions', 'exceptions', { created: 99, rejected: 1 }],
      ['held', 'held', expect.objectContaining({ rejected: 1, skipped: 20 + 1 })],
      ['deletes', 'succeeded', { unchanged: 98, deleted: 2 }],
      ['undone', 'succeeded', { created: 2 }],
      ['failed', 'failed', { created: 40, unprocessed: 60 }],
      ['unknown', 'exceptions', { unknown: 30 }],
      ['empty', 'succeeded', {}],
    ])
  })

  it('is accepted, also when its fields come in another order', () => {
    for (const receipt of all.values()) {
      expect(verifyReceipt(saved(receipt))).toEqual({ balanced: true, problems: [] })
      const turned = Object.fromEntries(Object.entries(saved(receipt) ?? {}).reverse())
      expect(verifyReceipt(turned)).toEqual({ balanced: true, problems: [] })
    }
  })

  it('proves itself also when a connection counts traffic while it is closed', async () => {
    const bench = new Bench(rows(10))
    const request = bench.request()
    const receipt = await bench.sync(request)
    request.traffic.bytesOut += 5
    expect(verifyReceipt(saved(receipt))).toEqual({ balanced: true, problems: [] })
  })

  it('is refused with any one of its values changed or taken away', () => {
    for (const [name, receipt] of all) {
      const whole = saved(receipt)
      for (const { path, value } of leaves(whole)) {
        const what = `${name}: ${path.join('.')}`
        expect([what, verifyReceipt(replaced(whole, path, other(value))).balanced]).toEqual([what, false])
        expect([what, verifyReceipt(replaced(whole, path, undefined)).balanced]).toEqual([what, false])
      }
    }
  })

  it('is refused with a field more', () => {
    for (const receipt of all.values())
      expect(verifyReceipt({ ...receipt, note: 'fine' }).balanced).toBe(false)
  })

  it('is told from what is none', () => {
    for (const none of [
      null,
      5,
      'receipt',
      [],
      {},
      { receipt: 2 },
      { receipt: 1 },
      { receipt: 1, read: {}, outcomes: {} },
    ])
      expect(verifyReceipt(none)).toMatchObject({ balanced: false, problems: [expect.any(String)] })
  })
})

describe('a tally with a record too few, too many or another', () => {
  const lane = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  const hash = fc.record({ keyA: lane, keyB: lane, payloadA: lane, payloadB: lane })
  const outcome = fc.constantFrom('created', 'updated', 'unchanged', 'rejected', 'skipped', 'unknown')

  const stock = { connection: 'erp', stream: 'stock' }
  const at = '2026-01-01T00:00:00.000Z'
  const draft: ReceiptDraft = {
    receipt: 1,
    run: 'r1',
    kind: 'sync',
    workflow: 'stock',
    title: 'Stock',
    mode: 'upsert',
    status: 'succeeded',
    source: stock,
    target: stock,
    started: at,
    ended: at,
    workedMs: 1,
    attempts: 1,
    altered: {},
    traffic: { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 },
  }

  it('makes a receipt that does not balance, and says so', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(hash, outcome), { minLength: 1, maxLength: 20 }),
        fc.nat(),
        (records, at) => {
          const wrong = at % records.length
          const balances = (lose: (i: number) => boolean, double: (i: number) => boolean): boolean => {
            const tally = new Tally()
            for (const [i, [record, became]] of records.entries()) {
              tally.readFromSource(record)
              if (!lose(i)) tally.settle(record, became)
              if (double(i)) tally.settle(record, became)
            }
            const receipt = makeReceipt(draft, tally.snapshot())
            expect(verifyReceipt(saved(receipt)).balanced).toBe(receipt.balanced)
            return receipt.balanced
          }
          const never = (): boolean => false
          const one = (i: number): boolean => i === wrong
          expect(balances(never, never)).toBe(true)
          expect(balances(one, never)).toBe(false)
          expect(balances(never, one)).toBe(false)
          const next = (wrong + 1) % records.length
          const [lost, doubled] = [records[wrong]?.[0], records[next]?.[0]]
          // one lost and another counted twice: the counts add up, the checksums do not
          if (next !== wrong && JSON.stringify(lost) !== JSON.stringify(doubled))
            expect(balances(one, (i) => i === next)).toBe(false)
        },
      ),
    )
  })
})
