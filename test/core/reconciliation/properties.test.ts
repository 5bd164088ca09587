import Big from 'big.js'
import fc from 'fast-check'
import { NodeSpill } from '../../../shared/adapters/spill'
import { signer } from '../../../shared/adapters/signer'
import type { BreakKind, KeptBreak } from '../../../shared/core/reconciliation/break'
import { breakHash } from '../../../shared/core/reconciliation/decisions'
import { exactField } from '../../../shared/core/reconciliation/defaults'
import type { MatchRule, ReconcileSettings } from '../../../shared/core/reconciliation/settings'
import type { Decision } from '../../../shared/core/reconciliation/store'
import { Decimal } from '../../../shared/core/record/decimal'
import type { DataRecord, Value } from '../../../shared/core/record/value'
import type { Workflow } from '../../../shared/core/workflow'
import { FakeClock } from '../../support/fake-clock'
import { reconciled, type Reconciled } from '../../support/reconcile'

const number: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom<Value>(
    0.1,
    0.2,
    0.30000000000000004,
    9007199254740992,
    Decimal.ofDigits('9007199254740993'),
  ),
)
const other: fc.Arbitrary<Value> = fc.constantFrom<Value>(null, '', 'a', 'A ', '3', 'x|y', true, '2026-01-01')

/** Few keys, so that they repeat; and fields that are there, or not. */
const keyed: fc.Arbitrary<DataRecord> = fc.record(
  {
    id: fc.constantFrom('1', '11', '2', 'a,b', 'a'),
    place: fc.constantFrom('1', '11', 'b'),
    quantity: fc.oneof({ weight: 4, arbitrary: number }, { weight: 1, arbitrary: other }),
    price: number,
    note: other,
  },
  { requiredKeys: ['id', 'place'], noNullPrototype: true },
)
const keyless: fc.Arbitrary<DataRecord> = fc.record({
  id: fc.constantFrom<Value>(null, ''),
  place: fc.constant('b'),
  quantity: number,
})
const side = fc.array(keyed, { maxLength: 12 })
const anySide = fc.array(fc.oneof({ weight: 9, arbitrary: keyed }, { weight: 1, arbitrary: keyless }), {
  maxLength: 12,
})

const KEY = ['id', 'place']
const byTwo: MatchRule = { on: KEY.map(exactField), pairing: 'one-to-one', sum: [] }
const byPlace: MatchRule = { on: [exactField('place')], pairing: 'one-to-one', sum: [] }
const sums: MatchRule = { on: [exactField('place')], pairing: 'many-to-many', sum: ['quantity'] }
const rule = { fold: false, space: false, set: false, alike: [] }

const settings: fc.Arbitrary<Partial<ReconcileSettings>> = fc.record({
  match: fc.constantFrom([byTwo], [byTwo, byPlace], [byTwo, sums]),
  compare: fc.constantFrom<ReconcileSettings['compare']>(
    {},
    { quantity: { ...rule, tolerance: 1 } },
    {
      quantity: { ...rule, relative: 0.5 },
      note: { ...rule, fold: true, space: true, alike: ['null', 'empty'] },
    },
    { price: { ...rule, decimals: 0 } },
  ),
  dimensions: fc.constantFrom<ReconcileSettings['dimensions']>(
    [],
    [{ name: 'place', field: 'place', by: 'value' }],
    [{ name: 'note', field: 'note', by: { first: 1 } }],
  ),
  measures: fc.constant([
    { name: 'records', fields: [] },
    { name: 'quantity', fields: ['quantity'] },
    { name: 'value', fields: ['quantity', 'price'] },
  ]),
})

const SCHEMA = { properties: { id: {}, place: {}, quantity: {}, price: {}, note: {} } }

function run(
  source: readonly DataRecord[],
  target: readonly DataRecord[],
  chosen: Partial<ReconcileSettings>,
  decisions: readonly Decision[] = [],
): Promise<Reconciled> {
  const parts: Partial<Workflow> = { key: KEY, schema: SCHEMA }
  const ports = { clock: new FakeClock(), spill: new NodeSpill(), signer }
  return reconciled(source, target, chosen, { parts, ports, decisions })
}

function sum(texts: readonly string[]): string {
  return texts.reduce((total, text) => total.plus(text), new Big(0)).toFixed()
}

function mirrored(kind: BreakKind): BreakKind {
  if (kind === 'missing-in-source') return 'missing-in-target'
  return kind === 'missing-in-target' ? 'missing-in-source' : kind
}

function negated(text: string): string {
  return text === '0' ? text : new Big(text).neg().toFixed()
}

/** What a break says, apart from where it stands; of `turn` what it would say with the sides swapped. */
function said(one: KeptBreak, turn: boolean): string {
  const { kind, key, rule, records, fields, effect } = one
  const sides = (left: unknown, right: unknown): unknown[] => (turn ? [right, left] : [left, right])
  return JSON.stringify([
    turn ? mirrored(kind) : kind,
    // by a later rule the keys of both sides differ, and that of the source is told
    rule === 1 ? key : '',
    rule,
    sides(one.source ?? null, one.target ?? null),
    records ? sides(records.source, records.target) : null,
    fields.map(({ field, source, target }) => [field, sides(source ?? null, target ?? null)]),
    turn ? effect.map(negated) : effect,
  ])
}

const RUNS = { numRuns: 60 }

describe('whatever the records and the settings', () => {
  it('a side ties out with itself in any order', async () => {
    await fc.assert(
      fc.asyncProperty(side, fc.nat(), settings, async (records, turn, chosen) => {
        const at = turn % (records.length + 1)
        const { result, breaks } = await run(records, [...records.slice(at), ...records.slice(0, at)], chosen)
        expect(breaks).toEqual([])
        expect(result.status).toBe('ties-out')
        expect(result.compared.pairs).toBe(result.compared.agreed)
      }),
      RUNS,
    )
  })

  it('swapping the sides mirrors everything', async () => {
    await fc.assert(
      fc.asyncProperty(anySide, anySide, settings, async (one, two, chosen) => {
        const there = await run(one, two, chosen)
        const back = await run(two, one, chosen)
        const turned = back.breaks.map((found) => said(found, true)).sort()
        expect(turned).toEqual(there.breaks.map((found) => said(found, false)).sort())
        expect(back.result.compared).toEqual(there.result.compared)
        for (const [i, measure] of there.result.measures.entries()) {
          const { source, target, difference } = back.result.measures[i] ?? measure
          expect([target, source, negated(difference)]).toEqual([
            measure.source,
            measure.target,
            measure.difference,
          ])
        }
      }),
      RUNS,
    )
  })

  it('breaks and what is tolerated add up to the difference of the totals, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(anySide, anySide, settings, async (source, target, chosen) => {
        const { result, breaks } = await run(source, target, chosen)
        for (const [i, measure] of result.measures.entries()) {
          expect(sum(breaks.map(({ effect }) => effect[i] ?? ''))).toBe(measure.ofBreaks)
          expect(sum([measure.ofBreaks, measure.tolerated])).toBe(measure.difference)
          expect(sum([measure.source.sum, negated(measure.target.sum)])).toBe(measure.difference)
          expect(sum(result.totals.map(({ differences }) => differences[i] ?? ''))).toBe(measure.difference)
        }
      }),
      RUNS,
    )
  })

  it('no order of the records and no limit of memory changes what is signed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(anySide, anySide).chain(([source, target]) =>
          fc.record({
            source: fc.constant(source),
            target: fc.constant(target),
            again: fc.tuple(
              fc.shuffledSubarray(source, { minLength: source.length }),
              fc.shuffledSubarray(target, { minLength: target.length }),
            ),
          }),
        ),
        settings,
        fc.constantFrom(1, 700, 1 << 20),
        async ({ source, target, again }, chosen, memory) => {
          const first = await run(source, target, chosen)
          const second = await run(again[0], again[1], { ...chosen, memory })
          expect(second.result).toEqual(first.result)
        },
      ),
      RUNS,
    )
  })

  it('what somebody accepted is accepted while both sides hold just that', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, settings, fc.nat(), async (source, target, chosen, which) => {
        const { breaks } = await run(source, target, chosen)
        fc.pre(breaks.length > 0)
        const one = breaks[which % breaks.length]
        if (!one) return
        const { key, kind } = one
        const decision: Decision = {
          workflow: 'stock',
          key,
          kind,
          decision: 'ignore',
          hash: breakHash(one),
          reason: 'agreed by phone',
          who: 'kim',
          at: 0,
        }
        const again = await run(source, target, chosen, [decision])
        const accepted = again.breaks.filter(({ state }) => state === 'accepted')
        expect(accepted.length).toBeGreaterThan(0)
        expect(new Set(accepted.map(breakHash))).toEqual(new Set([breakHash(one)]))

        const held = one.source ?? one.target
        const change = (all: readonly DataRecord[]): DataRecord[] =>
          all.map((record) => (record === held ? { ...record, price: 77 } : record))
        const later = await run(change(source), change(target), chosen, [decision])
        const still = later.breaks.filter(({ state }) => state === 'accepted')
        expect(still.filter((found) => found.source?.price === 77 || found.target?.price === 77)).toEqual([])
      }),
      RUNS,
    )
  })
})
