import { MalformedRow } from '../connector'
import type { SyncRequest } from '../bulk-sync/request'
import type { DataRecord } from '../record/value'
import { chosenOf } from './chosen'
import type { Exception } from './exception'
import { Picker } from './picker'

/** The record of an exception as the source has it now; undefined where it is not there, or cannot be read. */
export async function readAgain(
  { source, mapper, workflow, signal }: Pick<SyncRequest, 'source' | 'mapper' | 'workflow' | 'signal'>,
  exception: Exception,
): Promise<DataRecord | undefined> {
  const { map, key } = workflow
  const picker = new Picker({ source, mapper, map, key }, [chosenOf(exception)])
  for await (const picked of picker.pick(undefined, signal)) {
    const row = picked.find(({ chosen }) => chosen)?.row
    if (row !== undefined) return row instanceof MalformedRow ? undefined : row
  }
  return undefined
}
