import type { KeptBreak } from '../../../shared/core/reconciliation/break'
import { reconcileDefaults } from '../../../shared/core/reconciliation/defaults'
import { MemoryBreakLog } from '../../../shared/core/reconciliation/memory-log'
import { reconcile } from '../../../shared/core/reconciliation/reconcile'
import type { Reconciliation } from '../../../shared/core/reconciliation/reconciliation'
import type { SideInput } from '../../../shared/core/reconciliation/side'
import { signer } from '../../../shared/adapters/signer'
import { NodeSpill } from '../../../shared/adapters/spill'
import { FileBench } from '../../connectors/files/bench'
import { FakeClock } from '../../support/fake-clock'
import { Bench } from '../../support/run-sync'
import type { Planted, Truth } from './books'
import { inventory } from './inventory'
import { invoices } from './invoices'
import { patients } from './patients'
import { Random } from './random'
import { asCsv, inMemory } from './sides'

interface Found {
  result: Reconciliation
  breaks: KeptBreak[]
}

async function find(truth: Truth, source: SideInput, target: SideInput): Promise<Found> {
  const { key, schema, settings } = truth
  const breaks = new MemoryBreakLog()
  const result = await reconcile({
    id: 'r1',
    workflow: {
      ...new Bench([], {}, key).workflow,
      schema,
      reconcile: { ...reconcileDefaults(key), ...settings },
    },
    source,
    target,
    ports: { clock: new FakeClock(), spill: new NodeSpill(), signer },
    breaks,
    signal: new AbortController().signal,
  })
  const found: KeptBreak[] = []
  for await (const page of breaks.read()) found.push(...page)
  return { result, breaks: found }
}

function findInMemory(truth: Truth, source = truth.source, target = truth.target): Promise<Found> {
  return find(truth, inMemory(source, 'shop'), inMemory(target, 'books'))
}

/** Ids are given in the order in which breaks are found. */
function unnumbered(one: KeptBreak): KeptBreak {
  return { ...one, id: 0 }
}

/** What was found, in the form of what was planted. */
function asPlanted({ breaks }: Found): string[] {
  return breaks.map(({ kind, key, fields, cause }) =>
    line({ kind, key, fields: fields.map(({ field }) => field).sort(), cause: cause?.split(':')[0] }),
  )
}

function line({ kind, key, fields, cause }: Planted): string {
  return [key, kind, fields.join(' '), cause ?? 'no cause'].join(' | ')
}

describe.each([
  ['inventory', inventory],
  ['invoices', invoices],
  ['patients', patients],
])('In %s', (_, make) => {
  const truth = make(20_260)
  const planted = truth.planted.map(line).sort()
  let files: FileBench

  beforeAll(async () => {
    files = await FileBench.open()
  })

  afterAll(() => files.close())

  it('everything that was planted is found with its fields and its cause, and nothing else', async () => {
    const found = await findInMemory(truth)
    expect(asPlanted(found).sort()).toEqual(planted)
    expect(found.result.compared.agreed).toBe(truth.agreed)
    expect(found.result.breaks.open).toBe(truth.planted.length)
  })

  it('and so it is in CSV files', async () => {
    const found = await find(
      truth,
      await asCsv(files, truth.source, truth, 'shop'),
      await asCsv(files, truth.target, truth, 'books'),
    )
    expect(asPlanted(found).sort()).toEqual(planted)
    expect(found.result.compared.agreed).toBe(truth.agreed)
  })

  it('the order of the records changes nothing', async () => {
    const first = await findInMemory(truth)
    const random = new Random(7)
    for (let i = 0; i < 4; i++) {
      const again = await findInMemory(truth, random.shuffled(truth.source), random.shuffled(truth.target))
      expect(again.result).toEqual(first.result)
      expect(again.breaks.map(unnumbered)).toEqual(first.breaks.map(unnumbered))
    }
  })

  it('breaks and tolerances add up to the difference of the totals', async () => {
    const { result } = await findInMemory(truth)
    expect(result.measures.length).toBeGreaterThan(0)
    for (const { difference, ofBreaks, tolerated } of result.measures) {
      expect(ofBreaks).toBe(difference)
      expect(tolerated).toBe('0')
    }
  })
})
