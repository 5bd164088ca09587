import { MalformedRow } from '../../connector'
import type { Mapper } from '../../mapping/mapper'
import { keyOfText } from '../../record/key'
import { Rejection } from '../../record/rejection'
import type { DataRecord } from '../../record/value'
import type { Chosen } from '../chosen'
import type { Exception } from '../exception'
import { UNCOUNTED } from '../../record/ledger'
import { Picker } from '../picker'
import type { DecideRequest } from './request'

/**
 * An exception, and its record as the source has it now, or the file that it came in; without one where it is not there
 * or cannot be read.
 */
export interface Row {
  exception: Exception
  row?: DataRecord
  /** The same as a sync would send it; absent where it would not. */
  source?: DataRecord
  /** Of what it was found in. */
  mapper?: Mapper
}

const PAGE = 200

/** Those that the source has first, each once; then the others. */
export async function* rowsOf(request: DecideRequest, chosen: readonly Chosen[]): AsyncGenerator<Row[]> {
  const { source, mapper, workflow, fileOf, signal } = request
  const { map, key } = workflow
  const missing = new Set(chosen.flatMap(({ exception }) => exception ?? []))
  const picker = new Picker({ source, mapper, map, key, fileOf }, chosen)
  for await (const picked of picker.pick(undefined, signal)) {
    const rows: Row[] = []
    for (const { row, mapper: mapping, chosen: one } of picked) {
      const id = one?.exception
      if (id === undefined || row instanceof MalformedRow || !missing.delete(id)) continue
      const mapped = sendable({ workflow, mapper: mapping }, row)
      const now = { row, mapper: mapping, ...(mapped ? { source: mapped } : {}) }
      rows.push(...(await rowsFor(request, [id])).map((found) => ({ ...found, ...now })))
    }
    if (rows.length > 0) yield rows
  }
  signal.throwIfAborted()
  const rest = [...missing]
  for (let at = 0; at < rest.length; at += PAGE) yield await rowsFor(request, rest.slice(at, at + PAGE))
}

async function rowsFor({ store }: DecideRequest, ids: readonly number[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const id of ids) {
    const exception = await store.inbox.exception(id)
    if (exception) rows.push({ exception })
  }
  return rows
}

/** A row as a sync would send it; undefined where it would not. */
export function sendable(
  { mapper, workflow }: Pick<DecideRequest, 'mapper' | 'workflow'>,
  row: DataRecord,
): DataRecord | undefined {
  const mapped = mapper.map(row, UNCOUNTED)
  return mapped instanceof Rejection ? undefined : { ...workflow.sync.restore, ...mapped }
}

/** What the target holds of each now; undefined where it has nothing, or cannot be asked. */
export async function heldOf(
  { target, workflow, signal }: DecideRequest,
  rows: readonly Row[],
): Promise<readonly (DataRecord | undefined)[]> {
  const keyed = rows.filter(({ exception }) => exception.last.key !== undefined)
  const keys = keyed.map(({ exception }) => keyOfText(exception.last.key ?? '', workflow.key))
  const found = keys.length === 0 ? undefined : await target.lookup?.(keys, signal)
  const held = new Map(keyed.map(({ exception }, i) => [exception.id, found?.[i]]))
  return rows.map(({ exception }) => held.get(exception.id))
}
