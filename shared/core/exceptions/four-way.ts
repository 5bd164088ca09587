import { unpackChanges } from '../bulk-sync/change-log'
import { commonForm } from '../bulk-sync/forms'
import { lastGiven } from '../bulk-sync/memory'
import type { SyncRequest } from '../bulk-sync/request'
import { hashOf } from '../record/checksum'
import { sameRecord, sameValue } from '../record/canonical'
import { Hasher, hashNumber } from '../record/hash'
import { keyOfText, keyRecord } from '../record/key'
import { maskRecord } from '../record/mask'
import { Rejection } from '../record/rejection'
import type { DataRecord, Value } from '../record/value'
import type { Change } from '../store'
import type { Exception } from './exception'
import { UNCOUNTED } from '../record/ledger'
import { readAgain, type ReadAgainRequest } from './read-again'

/** A record as one side has it, in the form of the target; or why it is not known. */
export type Side = { record: DataRecord } | { unknown: string }

/** One record at four points: what the target was last given, what failed, and what both systems hold now. */
export interface FourWay {
  exception: number
  workflow: string
  /** What the target was last given. */
  lastSynced: Side
  /** The source when it failed; always masked. */
  sourceThen: Side
  sourceNow: Side
  targetNow: Side
  /** Whether the source's record has changed since it failed. */
  moved: boolean
  /** Fields that are not the same everywhere; a value that is absent is missing. */
  fields: readonly FieldRow[]
}

interface FieldRow {
  field: string
  lastSynced?: Value
  sourceThen?: Value
  sourceNow?: Value
  targetNow?: Value
}

/** Runs that are looked through for what was last written. */
const JOURNALS = 5

type FourWayRequest = Pick<SyncRequest, 'target' | 'store'> & ReadAgainRequest

/**
 * Reads source and target again.
 * @param reveal shows personal fields as the systems have them now; who does has to be noted
 */
export async function fourWay(
  request: FourWayRequest,
  exception: Exception,
  reveal: boolean,
): Promise<FourWay> {
  const { workflow } = request
  const { last } = exception
  const found = await readAgain(request, exception)
  const source = found?.record
  const now = found && mapped(found, found.record)
  const target = await readTarget(request, last.key, now)
  const then = last.sent ? { record: last.sent } : thenOf(request, exception)
  const shown = (side: Side): Side =>
    'record' in side && !reveal ? { record: maskRecord(side.record, workflow.personal) } : side
  const held = {
    lastSynced: await lastSynced(request, last.key, { target, now, then }),
    sourceNow: now ?? { unknown: 'the source no longer has it' },
    targetNow: target,
  }
  const sides = {
    lastSynced: shown(held.lastSynced),
    sourceThen: then,
    sourceNow: shown(held.sourceNow),
    targetNow: shown(held.targetNow),
  }
  const moved = hasMoved(exception, source, now, workflow.personal)
  return {
    exception: exception.id,
    workflow: workflow.name,
    ...sides,
    moved,
    fields: rowsOf(sides, Object.values(held)),
  }
}

/** A break knows its record as it was mapped. */
function hasMoved(
  { last }: Exception,
  source: DataRecord | undefined,
  now: Side | undefined,
  personal: readonly string[],
): boolean {
  if (source === undefined || !now || 'unknown' in now) return last.code !== 'BREAK_MISSING_IN_SOURCE'
  if (last.stage !== 'reconcile') return new Hasher().record(source).hex() !== last.hash
  return !sameRecord(maskRecord(now.record, personal), last.record)
}

async function readTarget(
  { target, workflow, signal }: FourWayRequest,
  keyText: string | undefined,
  now: Side | undefined,
): Promise<Side> {
  if (!target.lookup) return { unknown: `${workflow.target.connection} cannot look up records by key` }
  const key = keyText === undefined ? undefined : keyOfText(keyText, workflow.key)
  const named = key ?? (now && 'record' in now ? now.record : undefined)
  if (!named) return { unknown: 'the record has no key' }
  const [found] = await target.lookup([named], signal)
  return found ? { record: found } : { unknown: 'the target does not have it' }
}

/** Only hashes are kept of what was given: it is known where one of the other sides has just that. */
async function lastSynced(
  request: FourWayRequest,
  keyText: string | undefined,
  sides: { target: Side; now: Side | undefined; then: Side },
): Promise<Side> {
  if (keyText === undefined) return { unknown: 'the record has no key' }
  const given = await lastGift(request, keyText)
  if (!given) return { unknown: 'nothing is remembered of it' }
  for (const side of [sides.target, sides.now, sides.then]) {
    if (side && 'record' in side && given(side.record)) return side
  }
  return { unknown: 'neither side has what it was last given; only hashes of that are kept' }
}

/** Recognises what the target was last given, by what is remembered of it or by the journal of the latest runs. */
async function lastGift(
  request: FourWayRequest,
  keyText: string,
): Promise<((record: DataRecord) => boolean) | undefined> {
  const { workflow, store } = request
  const hasher = new Hasher()
  hasher.key(keyOfText(keyText, workflow.key), workflow.key)
  const known = (await store.known(workflow.name)).hash({ keyText, keyA: hasher.a, keyB: hasher.b })
  // 0: a later attempt failed, and the record has to be sent again
  if (known !== undefined && known !== 0)
    return (record) => {
      const { payloadA, payloadB } = hashOf(hasher, record, workflow.key, record)
      return known === hashNumber(payloadA, payloadB)
    }
  const change = await lastChange(request, keyText)
  if (change)
    return (record) => {
      const { a, b } = hasher.record(commonForm(keyRecord(record, change.fields)))
      return a === change.hash[0] && b === change.hash[1]
    }
  const index = await lastGiven(request)
  return (
    index &&
    ((record) => {
      const { keyA, keyB, payloadA, payloadB } = hashOf(hasher, record, workflow.key, record)
      return index.holds(keyA, keyB, payloadA, payloadB)
    })
  )
}

async function lastChange({ store, workflow }: FourWayRequest, keyText: string): Promise<Change | undefined> {
  for (const { id } of await store.runs({ workflow: workflow.name, limit: JOURNALS })) {
    for await (const packed of store.changes(id)) {
      if (!packed.keys.includes(keyText)) continue
      const change = unpackChanges(packed).find(({ key }) => key === keyText)
      if (change) return change
    }
  }
  return undefined
}

function thenOf(request: FourWayRequest, { last }: Exception): Side {
  if (last.code === 'BREAK_MISSING_IN_SOURCE') return { unknown: 'the source did not have it' }
  return last.stage === 'reconcile' ? { record: last.record } : mapped(request, last.record)
}

/** A record that cannot be mapped is shown as it was read. */
function mapped({ mapper }: Pick<FourWayRequest, 'mapper'>, record: DataRecord): Side {
  const result = mapper.map(record, UNCOUNTED)
  return { record: result instanceof Rejection ? record : result }
}

/** @param held what is not shown as it is: two values may differ and have the same mask */
function rowsOf(
  sides: Record<'lastSynced' | 'sourceThen' | 'sourceNow' | 'targetNow', Side>,
  held: readonly Side[],
): FieldRow[] {
  const known = Object.entries(sides).flatMap(([name, side]) =>
    'record' in side ? [{ name, record: side.record }] : [],
  )
  const records = held.flatMap((side) => ('record' in side ? [side.record] : []))
  const names = new Set(known.flatMap(({ record }) => Object.keys(record)))
  return Array.from(names).flatMap((field) => {
    const values = known.map(({ name, record }) => ({ name, value: record[field] }))
    const agree = allSame(values.map(({ value }) => value)) && allSame(records.map((record) => record[field]))
    if (agree) return []
    const row: FieldRow = { field }
    return [
      Object.assign(
        row,
        Object.fromEntries(values.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
      ),
    ]
  })
}

function allSame(values: readonly (Value | undefined)[]): boolean {
  return values.every((value) => sameValue(value, values[0]))
}
