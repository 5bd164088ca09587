import type { Source } from '../connector'
import { CountingLedger } from '../record/ledger'
import { keyRecord, missingKeyFields } from '../record/key'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import type { BreakLog, KeptBreak } from './break'
import type { Comparison } from './comparison'
import type { SideInput } from './side'

export interface SecondLook {
  source: SideInput
  target: SideInput
  /** Fields of the mapped record that both sides look up by. */
  key: readonly string[]
  comparison: Comparison
}

const PAGE = 200

/** Whether both sides can be asked for single records by the key. */
export function canLookAgain({ source, target, key }: Omit<SecondLook, 'comparison'>): boolean {
  return [source, target].every(
    (side) => side.source.lookup !== undefined && lookupFields(side, key) !== undefined,
  )
}

/**
 * Looks up the records of the open breaks again on both sides. A break that is gone by then was no more than a change on
 * its way: it becomes pending.
 * @returns how many are gone
 */
export async function lookAgain(log: BreakLog, look: SecondLook, each: () => Promise<void>): Promise<number> {
  let gone = 0
  for await (const page of log.read()) {
    const open = page.filter((one) => one.state === 'open' && keyOf(one, look.key) !== undefined)
    for (let at = 0; at < open.length; at += PAGE) {
      const changed = await goneOf(open.slice(at, at + PAGE), look)
      gone += changed.length
      if (changed.length > 0) await log.update(changed)
      await each()
    }
  }
  return gone
}

async function goneOf(breaks: readonly KeptBreak[], look: SecondLook): Promise<KeptBreak[]> {
  const { comparison, key } = look
  const [sources, targets] = await Promise.all([
    recordsNow(
      look.source,
      breaks.map(({ source, target }) => source ?? target ?? {}),
      key,
    ),
    recordsNow(
      look.target,
      breaks.map(({ source, target }) => target ?? source ?? {}),
      key,
    ),
  ])
  return breaks.flatMap((one, i) => {
    // of several records of a key a look-up gives only one
    if (one.kind === 'duplicate' || one.records) return []
    const [source, target] = [sources[i], targets[i]]
    const agrees =
      source && target ? comparison.compare(source, target).verdict !== 'differs' : !source && !target
    return agrees ? [{ ...one, state: 'pending' as const }] : []
  })
}

async function recordsNow(
  side: SideInput,
  records: readonly DataRecord[],
  key: readonly string[],
): Promise<(DataRecord | undefined)[]> {
  const fields = lookupFields(side, key) ?? key
  const wanted = records.map((record) =>
    Object.fromEntries(key.map((field, i) => [fields[i] ?? field, record[field] ?? null])),
  )
  const found = await look(side.source, wanted)
  return found.map((record) => record && comparable(record, side))
}

async function look(source: Source, keys: readonly DataRecord[]): Promise<(DataRecord | undefined)[]> {
  return (await source.lookup?.(keys)) ?? []
}

function comparable(record: DataRecord, { mapper, leavesOut }: SideInput): DataRecord | undefined {
  const result = mapper.map(record, new CountingLedger())
  return result instanceof Rejection || leavesOut?.(result) === true ? undefined : result
}

function lookupFields({ keyFields }: SideInput, key: readonly string[]): readonly string[] | undefined {
  return keyFields?.length === key.length ? keyFields : undefined
}

function keyOf({ source, target }: KeptBreak, key: readonly string[]): DataRecord | undefined {
  const record = source ?? target ?? {}
  return missingKeyFields(record, key).length === 0 ? keyRecord(record, key) : undefined
}
