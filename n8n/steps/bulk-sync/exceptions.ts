import type { IDataObject, INodeExecutionData } from 'n8n-workflow'
import { isErrorCode } from '../../../shared/contract/errors'
import type { Failure } from '../../../shared/core/exceptions/exception'
import { keyOfText } from '../../../shared/core/record/key'
import { entryInN8n } from '../../host/in-n8n'
import { jsonOf } from '../../host/items'
import type { Work } from './open'

/** One item for each record that could not be moved, with all that a person needs to decide. */
export function exceptionItems({ store, request }: Work, fromItems: boolean): INodeExecutionData[] {
  const { key } = request.workflow
  return store.failures.map((failure) => ({
    json: json(failure, key),
    ...(fromItems && failure.row > 0 ? { pairedItem: { item: failure.row - 1, input: 0 } } : {}),
  }))
}

function json(failure: Failure, fields: readonly string[]): IDataObject {
  const { outcome, stage, code, message, pointer, place, operation, key, record, sent } = failure
  const entry = isErrorCode(code) ? entryInN8n(code) : undefined
  return {
    outcome,
    stage,
    code,
    reason: message,
    ...(pointer === undefined ? {} : { pointer }),
    place,
    ...(operation === undefined ? {} : { operation }),
    ...(key === undefined ? {} : { key: jsonOf(keyOfText(key, fields)) }),
    record: jsonOf(record),
    ...(sent ? { sent: jsonOf(sent) } : {}),
    ...(entry
      ? {
          title: entry.title,
          owner: entry.owner,
          causes: entry.causes.map(({ cause, check }) => ({ cause, check })),
          steps: entry.steps.map(({ who, do: what, verify }) => ({ who, do: what, verify })),
        }
      : {}),
  }
}
