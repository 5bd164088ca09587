import { NodeSpill } from '../../../shared/adapters/spill'
import { clock } from '../../../shared/adapters/clock'
import { signer } from '../../../shared/adapters/signer'
import type { Spill, SpillLog } from '../../../shared/core/ports'
import { reconcileDefaults } from '../../../shared/core/reconciliation/defaults'
import { Decimal } from '../../../shared/core/record/decimal'
import type { DataRecord, Value } from '../../../shared/core/record/value'
import { reconciled, type Reconciled } from '../../support/reconcile'

/** Counts what goes to disk. */
class CountingSpill implements Spill {
  written = 0
  open = 0
  private readonly disk = new NodeSpill()

  log(): SpillLog {
    const log = this.disk.log()
    this.open++
    const { append, drop } = { append: log.append.bind(log), drop: log.drop.bind(log) }
    log.append = (bytes) => {
      this.written += bytes.length
      append(bytes)
    }
    log.drop = () => {
      this.open--
      drop()
    }
    return log
  }

  table(): never {
    throw new Error('not asked for')
  }
}

/** Every kind of value, every kind of break, repeated keys, and fields that turn up late. */
function side(other: boolean): DataRecord[] {
  const odd: Value[] = [
    null,
    '',
    'ü',
    Decimal.ofDigits('12345678901234567890.5'),
    true,
    [1, 'a'],
    { x: null },
  ]
  return Array.from({ length: 6000 }, (_, i): DataRecord[] => {
    if (i % 100 === (other ? 1 : 2)) return []
    const record: DataRecord = {
      id: `K${i}`,
      branch: `b${i % 7}`,
      amount: (i % 1000) / 100 + (other && i % 50 === 3 ? 0.01 : 0),
      odd: odd[i % odd.length] ?? null,
      text: 'x'.repeat(50),
    }
    if (i > 5000) record['late'] = i
    return i % 400 === 5
      ? [record, { ...record, amount: other ? 7 : 8 }]
      : i % 401 === 6 && other
        ? [record, record]
        : [record]
  }).flat()
}

const settings = {
  dimensions: [{ name: 'branch', field: 'branch', by: 'value' as const }],
  measures: [{ name: 'amount', fields: ['amount'] }],
}

test.each([
  ['one rule', reconcileDefaults(['id']).match],
  ['a later rule', [...reconcileDefaults(['id']).match, ...reconcileDefaults(['branch', 'amount']).match]],
])('ten times the memory gives the same result, through the disk: %s', async (_, match) => {
  const source = side(false)
  const target = side(true).reverse()
  const spill = new CountingSpill()
  const whole = await reconciled(source, target, { ...settings, match })
  const bounded = await reconciled(
    source,
    target,
    { ...settings, match, memory: 100_000 },
    { ports: { clock, spill, signer } },
  )
  expect(whole.breaks.length).toBeGreaterThan(100)
  const withoutIds = ({ breaks }: Reconciled): object[] => breaks.map((one) => ({ ...one, id: 0 }))
  expect(withoutIds(bounded)).toEqual(withoutIds(whole))
  const untimed = ({ result }: Reconciled): object => ({
    ...result,
    ...{ started: '', ended: '', asOf: '', oldest: '', contentHash: '' },
  })
  expect(untimed(bounded)).toEqual(untimed(whole))
  expect(spill.written).toBeGreaterThan(1_000_000)
  expect(spill.open).toBe(0)
})

test('one key that is most of the records does not end it', async () => {
  const source = Array.from({ length: 2000 }, (_, v) => ({ id: 1, v }))
  const { result } = await reconciled(source, [...source].reverse(), { memory: 10_000 })
  expect(result).toMatchObject({ status: 'ties-out', compared: { pairs: 2000, agreed: 2000 } })
})
