import type { INodeExecutionData } from 'n8n-workflow'
import type { GroupTie, Reconciliation } from '../../../shared/core/reconciliation/reconciliation'
import { WHOLE } from '../../host/items'
import type { Found } from './found'

/** One item for each group of the dimensions, largest difference first. */
export function totalItems({ result }: Found): INodeExecutionData[] {
  return result.totals.map((group) => ({ json: total(result, group), pairedItem: WHOLE }))
}

function total({ dimensions, measures }: Reconciliation, group: GroupTie): INodeExecutionData['json'] {
  return {
    ...Object.fromEntries(dimensions.map((name, at) => [name, group.dimensions[at]])),
    breaks: group.breaks,
    sourceRecords: group.source.records,
    targetRecords: group.target.records,
    measures: Object.fromEntries(
      measures.map(({ measure }, at) => [
        measure,
        {
          source: group.source.measures[at]?.sum,
          target: group.target.measures[at]?.sum,
          difference: group.differences[at],
        },
      ]),
    ),
  }
}
