import { explainGroup, type GroupExplanation } from '../../../shared/core/exceptions/explain/group'
import { withoutRule } from '../../../shared/core/exceptions/explain/explain'
import { MalformedRow } from '../../../shared/core/connector'
import { Rejection } from '../../../shared/core/record/rejection'
import type { DataRecord } from '../../../shared/core/record/value'
import { Bench } from '../../support/run-sync'

/** Orders of which some have no country and some a quantity that is too large: two groups. */
function orders(from: number, count: number): DataRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const id = from + i
    const order = { id, changed: String(id).padStart(4, '0'), country: 'DE', qty: id % 10 }
    return id % 20 === 5 ? { ...order, country: null } : id % 20 === 6 ? { ...order, qty: 100 } : order
  })
}

const mapper = {
  map: (record: DataRecord) =>
    record['country'] === null
      ? new Rejection('VALUE_NOT_CONVERTIBLE', 'country is null', '/country')
      : record,
}

function bench(): Bench {
  const made = new Bench(orders(1, 200), { guards: { deletes: {}, rejects: {} } })
  made.workflow.source.cursor = { field: 'changed', lagMs: 0 }
  made.target.refuse = ({ qty }) => (qty === 100 ? 'too much' : undefined)
  return made
}

async function explained(made: Bench, about: string): Promise<GroupExplanation> {
  const [one] = await made.store.inbox.exceptions({ text: about, state: 'open' }, { limit: 1 })
  return explainGroup(made.request({ mapper }), one?.fingerprint ?? '')
}

test('failures are held against what passed; what failed for another reason is on neither side', async () => {
  const made = bench()
  await made.sync({ mapper })
  const countries = await explained(made, 'country is null')
  expect(countries).toMatchObject({ failed: 10, passed: 180, missing: 0 })
  expect(countries.rule?.sentence).toBe('10 of 10 failures have country = null; 0 of 180 others do')
  const amounts = await explained(made, 'too much')
  expect(amounts.rule?.sentence).toBe('10 of 10 failures have qty = 100; 0 of 180 others do')
})

test('a second row with the key of a failure is no other failure of that kind', async () => {
  const made = bench()
  made.source.rows = [...orders(1, 200), { id: 6, changed: '0201', country: 'FR', qty: 1 }]
  await made.sync({ mapper })
  const amounts = await explained(made, 'too much')
  expect(amounts.rule?.sentence).toBe('10 of 10 failures have qty = 100; 0 of 180 others do')
})

test('rows that cannot be read have nothing to compare, and are not said to be gone', async () => {
  const made = bench()
  const rejection = new Rejection('CSV_FIELD_COUNT', '1 field where the header has 2')
  const broken = ['one', 'two'].map((raw, i) => new MalformedRow(rejection, `line ${i}`, raw))
  const rows = [...orders(1, 40), ...broken]
  made.source.read = async function* () {
    const end = { complete: true, evidence: '' }
    yield await Promise.resolve({ rows, firstRow: 1, position: '1', end })
  }
  await made.sync({ mapper })
  const found = await explained(made, '1 field where')
  expect(found).toMatchObject({ failed: 0, unreadable: 2, missing: 0 })
  expect(withoutRule(found)).toContain('The failed rows cannot be read')
})

test('what is no longer in the source as it failed is said', async () => {
  const made = bench()
  await made.sync({ mapper })
  made.source.rows = orders(1, 180)
  expect(await explained(made, 'too much')).toMatchObject({ failed: 9, missing: 1 })
})

test('an incremental run is held against the records that it read', async () => {
  const made = bench()
  made.target.refuse = () => undefined
  made.source.rows = orders(1, 4)
  await made.sync({ mapper })
  made.source.rows = orders(1, 200)
  made.target.refuse = ({ qty }) => (qty === 100 ? 'too much' : undefined)
  await made.sync({ mapper })
  // the cursor stands at 4: the records before it were not part of the run
  expect(await explained(made, 'too much')).toMatchObject({ failed: 10, passed: 177 })
})
