import { PendingWrite, writeScope } from '../../../shared/core/bulk-sync/pending'
import { operationOf } from '../../../shared/core/bulk-sync/settings'
import { MalformedRow, type Source } from '../../../shared/core/connector'
import { Fault } from '../../../shared/core/fault'
import type { Mapper } from '../../../shared/core/mapping/mapper'
import { hashOf } from '../../../shared/core/record/checksum'
import { keyText } from '../../../shared/core/record/key'
import { CountingLedger } from '../../../shared/core/record/ledger'
import { Rejection } from '../../../shared/core/record/rejection'
import type { DataRecord } from '../../../shared/core/record/value'
import type { Workflow } from '../../../shared/core/workflow'

const PAGE = 1000

/**
 * What the target holds: of each record by key, the hash that a sync would compare. Only the fields that the source sends
 * count; what the target has beyond them is its own.
 * @throws Fault SIDE_INCOMPLETE where the target did not prove that it listed everything
 */
export async function knownOf(
  target: Source,
  {
    source,
    mapper,
    workflow,
    signal,
  }: { source: Source; mapper: Mapper; workflow: Workflow; signal: AbortSignal },
): Promise<ReadonlyMap<string, number>> {
  const fields = await fieldsOf(source, mapper, signal)
  const scope = writeScope(workflow, '')
  const operation = operationOf(workflow.sync)
  const known = new Map<string, number>()
  let evidence: string | undefined = 'it ended without saying so'
  for await (const { rows, end } of target.read({ pageSize: PAGE, signal })) {
    for (const row of rows) {
      const key = row instanceof MalformedRow ? undefined : keyText(row, workflow.key)
      if (row instanceof MalformedRow || key === undefined) continue
      const record = part(row, fields)
      const hash = hashOf(scope.hasher, record, workflow.key, record)
      known.set(key, new PendingWrite(operation, record, scope, 0, hash, record).hash)
    }
    if (end) evidence = end.complete ? undefined : end.evidence
  }
  if (evidence !== undefined)
    throw new Fault('SIDE_INCOMPLETE', `The target was not proven to be read whole: ${evidence}.`, {
      side: 'target',
    })
  return known
}

/** Those of the first page: a record with others is sent, whether it changed or not. */
async function fieldsOf(source: Source, mapper: Mapper, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const fields = new Set<string>()
  const ledger = new CountingLedger()
  for await (const { rows } of source.read({ pageSize: PAGE, signal })) {
    for (const row of rows) {
      const mapped = row instanceof MalformedRow ? row.rejection : mapper.map(row, ledger)
      if (!(mapped instanceof Rejection)) for (const field of Object.keys(mapped)) fields.add(field)
    }
    break
  }
  return fields
}

function part(record: DataRecord, fields: ReadonlySet<string>): DataRecord {
  return Object.fromEntries(Object.entries(record).filter(([field]) => fields.has(field)))
}
