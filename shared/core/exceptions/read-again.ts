import { MalformedRow } from '../connector'
import type { SyncRequest } from '../bulk-sync/request'
import type { DataRecord } from '../record/value'
import type { Mapper } from '../mapping/mapper'
import { chosenOf } from './chosen'
import type { Exception } from './exception'
import { Picker, type FileOf } from './picker'

export type ReadAgainRequest = Pick<SyncRequest, 'source' | 'mapper' | 'workflow' | 'signal'> & {
  fileOf?: FileOf | undefined
}

/**
 * The record of an exception as the source has it now, or the file that it came in, and what maps it; undefined where it
 * is not there, or cannot be read.
 */
export async function readAgain(
  { source, mapper, workflow, fileOf, signal }: ReadAgainRequest,
  exception: Exception,
): Promise<{ record: DataRecord; mapper: Mapper } | undefined> {
  const { map, key } = workflow
  const picker = new Picker({ source, mapper, map, key, fileOf }, [chosenOf(exception)])
  for await (const picked of picker.pick(undefined, signal)) {
    const found = picked.find(({ chosen }) => chosen)
    if (!found) continue
    const { row, mapper: mapping } = found
    return row instanceof MalformedRow ? undefined : { record: row, mapper: mapping }
  }
  return undefined
}
