import type { IDataObject, INodeExecutionData } from 'n8n-workflow'
import { errorEntry, isErrorCode } from '../../../shared/contract/errors'
import type { Failure } from '../../../shared/core/exceptions/exception'
import { parseJson } from '../../../shared/core/format/json'
import { isList, isValue } from '../../../shared/core/record/value'
import { jsonOf, plain } from '../../host/items'
import type { RunStore } from '../../host/store/run-store'

/** One item for each record that could not be moved, with all that a person needs to decide. */
export function exceptionItems({ failures }: RunStore, fromItems: boolean): INodeExecutionData[] {
  return failures.map((failure) => ({
    json: json(failure),
    ...(fromItems && failure.row > 0 ? { pairedItem: { item: failure.row - 1, input: 0 } } : {}),
  }))
}

function json(failure: Failure): IDataObject {
  const { outcome, stage, code, message, pointer, place, operation, key, record, sent } = failure
  const entry = isErrorCode(code) ? errorEntry(code) : undefined
  return {
    outcome,
    stage,
    code,
    reason: message,
    ...(pointer === undefined ? {} : { pointer }),
    place,
    ...(operation === undefined ? {} : { operation }),
    ...(key === undefined ? {} : { key: keyParts(key) }),
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

function keyParts(key: string): IDataObject[string] {
  const parts = parseJson(key)
  return isValue(parts) && isList(parts) ? parts.map(plain) : key
}
