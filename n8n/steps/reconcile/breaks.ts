import type { IDataObject, INodeExecutionData, IPairedItemData } from 'n8n-workflow'
import type { KeptBreak } from '../../../shared/core/reconciliation/break'
import { KIND } from '../../../shared/core/reconciliation/report/words'
import { keyOfText } from '../../../shared/core/record/key'
import { jsonOf, plain } from '../../host/items'
import { adviceHere } from './advice'
import type { Found } from './found'

/** One item for each break, linked to the items on both sides. */
export function breakItems({ key, result, breaks, source, target }: Found): INodeExecutionData[] {
  const advice = new Map(
    result.causes.map(({ id, title, advice }) => [id, { title, advice: adviceHere(advice) }]),
  )
  return breaks.map((one) => {
    const pairedItem: IPairedItemData[] = []
    const [from, to] = [source.placeOf(one.source), target.placeOf(one.target)]
    if (from !== undefined) pairedItem.push({ item: from, input: 0 })
    if (to !== undefined) pairedItem.push({ item: to, input: 1 })
    return {
      json: {
        ...json(
          one,
          result.measures.map(({ measure }) => measure),
        ),
        ...cause(one),
      },
      pairedItem,
    }
  })

  function cause({ cause }: KeptBreak): IDataObject {
    const known = cause === undefined ? undefined : advice.get(cause)
    return known ? { cause: known.title, advice: known.advice } : {}
  }

  function json(one: KeptBreak, measures: readonly string[]): IDataObject {
    const dimensions = Object.fromEntries(result.dimensions.map((name, at) => [name, one.dimensions[at]]))
    return {
      kind: one.kind,
      meaning: KIND[one.kind],
      key: jsonOf(keyOfText(one.key, key)),
      state: one.state,
      fields: one.fields.map(({ field, source, target, difference }) => ({
        field,
        source: plain(source),
        target: plain(target),
        ...(difference === undefined ? {} : { difference }),
      })),
      ...(one.records ? { records: { ...one.records } } : {}),
      ...(result.dimensions.length > 0 ? { dimensions } : {}),
      effect: Object.fromEntries(measures.map((measure, at) => [measure, one.effect[at]])),
      ...(one.source ? { source: jsonOf(one.source) } : {}),
      ...(one.target ? { target: jsonOf(one.target) } : {}),
    }
  }
}
