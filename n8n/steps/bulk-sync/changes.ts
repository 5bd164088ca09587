import type { INodeExecutionData, IPairedItemData } from 'n8n-workflow'
import { jsonOf } from '../../host/items'
import type { Work } from './open'
import type { Change } from './plan-target'

/** What has to be done: an item for each record, or one for each batch of one operation. */
export function changeItems({ plan, placeOf }: Work, as: 'records' | 'batches'): INodeExecutionData[] {
  const changes = plan?.changes ?? []
  const pairedItem = ({ mapped, from }: Change): IPairedItemData[] => {
    const place = placeOf(mapped)
    return [
      ...(place === undefined ? [] : [{ item: place, input: 0 }]),
      ...(from === undefined ? [] : [{ item: from, input: 1 }]),
    ]
  }
  if (as === 'records')
    return changes.map((change) => ({
      json: {
        operation: change.operation,
        key: jsonOf(change.key),
        record: jsonOf(change.record),
        ...(change.before ? { before: jsonOf(change.before) } : {}),
        batch: change.batch,
        idempotencyKey: change.idempotencyKey,
      },
      pairedItem: pairedItem(change),
    }))
  return batchesOf(changes).map((batch) => {
    const [{ operation, batchKey }] = batch
    return {
      json: {
        operation,
        idempotencyKey: `${batchKey}-${operation}`,
        count: batch.length,
        records: batch.map(({ record }) => jsonOf(record)),
      },
      pairedItem: batch.flatMap(pairedItem),
    }
  })
}

function batchesOf(changes: readonly Change[]): [Change, ...Change[]][] {
  const batches = new Map<string, [Change, ...Change[]]>()
  for (const change of changes) {
    const name = `${change.batchKey} ${change.operation}`
    const batch = batches.get(name)
    if (batch) batch.push(change)
    else batches.set(name, [change])
  }
  return [...batches.values()]
}
