import { MalformedRow } from '../connector'
import type { SyncRequest } from '../bulk-sync/request'
import { Fault } from '../fault'
import { keyText } from '../record/key'
import { maskText } from '../record/mask'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import type { Store } from '../store'
import type { Workflow } from '../workflow'
import type { Change } from './change'
import { chosenOf } from './chosen'
import type { Exception, FieldChange } from './exception'
import { applyFix, changesOf, personalFault, type AsRead, type Edits } from './fix'
import { UNCOUNTED } from '../record/ledger'
import { Picker, type FileOf } from './picker'
import { shownChanges } from './sealed'

/** What a fix would do to the open exceptions of a group, as their records are now. */
export interface FixPreview {
  changes: readonly FieldChange[]
  exceptions: number
  /** Their fields hold what the fix corrects. */
  applies: number
  /** Of these: would pass mapping and validation with it. */
  passes: number
  /** By code: would still not pass, and what would be said of the first. */
  fails: Readonly<Record<string, { records: number; message: string }>>
  /** Numbers of exceptions whose fields hold something else. */
  unlike: readonly number[]
  /** Numbers of exceptions whose record is no longer in the source. */
  missing: readonly number[]
}

export interface Fixed {
  changes: readonly FieldChange[]
  /** Exceptions that have the fix now. */
  exceptions: number
  group: string
}

type PreviewRequest = Pick<
  SyncRequest,
  'workflow' | 'source' | 'mapper' | 'validate' | 'store' | 'signal'
> & {
  fileOf?: FileOf | undefined
}

const PAGE = 500

/**
 * The edit of one exception, as changes that are guarded by what stands there.
 * @param record as it was read; a break knows it only as it was mapped
 * @param read that record, for edits of personal fields where they may be made
 * @throws Fault FIX_INVALID, FIX_PERSONAL, EXCEPTION_EXPIRED
 */
export function changesFor(
  { id, state, last }: Exception,
  record: DataRecord,
  edits: Edits,
  { personal }: Workflow,
  read?: AsRead,
): FieldChange[] {
  if (state === 'expired')
    throw new Fault('EXCEPTION_EXPIRED', `The record of exception ${String(id)} is no longer kept.`, {
      exception: id,
    })
  if (last.stage === 'read')
    throw new Fault(
      'FIX_INVALID',
      `Exception ${String(id)} is a row that could not be read; correct it in the source.`,
      {
        exception: id,
      },
    )
  return changesOf(edits, record, personal, read)
}

/** Edits of exceptions by their number. */
export function fixOf(byId: ReadonlyMap<number, readonly FieldChange[]>): Change {
  return { do: 'fix', of: ({ id }) => byId.get(id) }
}

/** The edit of one, for all that hold what it corrects. @throws Fault FIX_INVALID */
export function groupFix({ id, last }: Exception, changes: readonly FieldChange[]): Change {
  if (last.stage === 'reconcile')
    throw new Fault('FIX_INVALID', 'Breaks are corrected one by one: each has other values.', {
      exception: id,
    })
  const personal = changes.find(({ guard }) => guard !== undefined)
  if (personal) throw personalFault(personal.field)
  return { do: 'fix', of: (one) => (applyFix(one.last.record, changes) ? changes : undefined) }
}

/** Reads the records of the exceptions again and tries the changes on them; nothing is written. */
export async function previewFix(
  request: PreviewRequest,
  exceptions: readonly Exception[],
  changes: readonly FieldChange[],
): Promise<FixPreview> {
  const { source, mapper, workflow, fileOf, signal } = request
  const { map, key } = workflow
  const picker = new Picker({ source, mapper, map, key, fileOf }, exceptions.map(chosenOf))
  const missing = new Set(exceptions.map(({ id }) => id))
  const unlike: number[] = []
  const fails: Record<string, { records: number; message: string }> = {}
  let passes = 0
  for await (const picked of picker.pick(undefined, signal)) {
    for (const { row, chosen, mapper: mapping } of picked) {
      const id = chosen?.exception
      if (id === undefined || row instanceof MalformedRow || !missing.delete(id)) continue
      const fixed = applyFix(row, changes)
      const problem = fixed && problemOf({ ...request, mapper: mapping }, fixed)
      if (!fixed) unlike.push(id)
      else if (!problem) passes++
      else
        fails[problem.code] = {
          message: problem.message,
          ...fails[problem.code],
          records: (fails[problem.code]?.records ?? 0) + 1,
        }
    }
  }
  const failing = Object.values(fails).reduce((sum, { records }) => sum + records, 0)
  return {
    changes: shownChanges(changes),
    exceptions: exceptions.length,
    applies: passes + failing,
    passes,
    fails,
    unlike,
    missing: [...missing],
  }
}

/** All pages of the open exceptions of a group, newest first. */
export async function* openOfGroup(
  { inbox }: Pick<Store, 'inbox'>,
  group: string,
): AsyncGenerator<readonly Exception[]> {
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = await inbox.exceptions({ fingerprint: group, state: 'open' }, { limit: PAGE, before })
    const last = page.at(-1)
    if (!last) return
    yield page
    before = last.id
  }
}

/** What mapping and validation say of a record. */
export function problemOf(
  { mapper, validate, workflow }: Pick<PreviewRequest, 'mapper' | 'validate' | 'workflow'>,
  record: DataRecord,
): { code: string; message: string } | undefined {
  const mapped = mapper.map(record, UNCOUNTED)
  if (mapped instanceof Rejection)
    return { code: mapped.code, message: maskText(mapped.message, [record], workflow.personal) }
  if (workflow.key.length > 0 && keyText(mapped, workflow.key) === undefined)
    return { code: 'KEY_MISSING', message: `The key needs ${workflow.key.join(' and ')}.` }
  const [violation] = validate?.(mapped) ?? []
  return (
    violation && { code: 'VALIDATION_FAILED', message: `${violation.pointer.slice(1)}: ${violation.message}` }
  )
}
