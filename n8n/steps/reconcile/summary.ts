import type { INodeExecutionData } from 'n8n-workflow'
import { tieOutText } from '../../../shared/core/reconciliation/report/words'
import { reportInN8n } from '../../host/in-n8n'
import { WHOLE } from '../../host/items'
import { adviceHere } from './advice'
import type { Found } from './found'

/** The whole result as one item; the breaks themselves are on their own output. */
export function summaryItem({ result }: Found): INodeExecutionData {
  const {
    status,
    asOf,
    source,
    target,
    compared,
    breaks,
    measures,
    causes,
    rules,
    offsetting,
    notes,
    fault,
  } = result
  return {
    json: {
      status,
      result: tieOutText(result),
      asOf,
      source: { records: source.records, repeated: source.repeated, withoutKey: source.unreadable },
      target: { records: target.records, repeated: target.repeated, withoutKey: target.unreadable },
      compared,
      breaks,
      measures,
      causes: causes.map((cause) => ({ ...cause, advice: adviceHere(cause.advice) })),
      rules,
      offsetting,
      notes,
      contentHash: result.contentHash,
      ...(fault ? { fault: reportInN8n(fault) } : {}),
    },
    pairedItem: WHOLE,
  }
}
