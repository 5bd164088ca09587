import { MalformedRow, type ReadRequest } from '../../connector'
import { withLag } from '../../bulk-sync/cursor-value'
import type { SyncRequest } from '../../bulk-sync/request'
import { Fault } from '../../fault'
import { fieldsBehind } from '../../mapping/compile'
import type { Exception, ExceptionFilter } from '../exception'
import { fieldOf } from '../fingerprint'
import { Matcher } from '../matcher'
import { explain, type Contrast, type Explanation } from './explain'

/** Why the exceptions of a group failed and other records of the source did not. */
export interface GroupExplanation extends Explanation {
  group: string
  workflow: string
  code: string
  message: string
  /** Exceptions about rows that could not be read, and still cannot. */
  unreadable: number
  /** Exceptions whose record, as it was, is no longer in the source. */
  missing: number
}

type ExplainRequest = Pick<SyncRequest, 'workflow' | 'source' | 'mapper' | 'store' | 'signal'>

const PAGE = 1000

/**
 * Reads the source again, twice, from where the run of the newest of them began. Records that failed for another reason
 * are on neither side.
 * @throws Fault EXCEPTION_UNKNOWN
 */
export async function explainGroup(request: ExplainRequest, group: string): Promise<GroupExplanation> {
  const { workflow, mapper, store } = request
  const { subjects, newest } = await subjectsOf(request, {
    workflow: workflow.name,
    fingerprint: group,
    state: 'open',
  })
  if (!newest) throw new Fault('EXCEPTION_UNKNOWN', `Nothing is open in group ${group}.`, { group })
  const failing = new Matcher(subjects, mapper, workflow.key)
  const others = new Set(await store.inbox.subjects(workflow.name))
  for (const subject of subjects) others.delete(subject)
  const otherwise = new Matcher(others, mapper, workflow.key)
  const from = await beginningOf(request, newest)
  let found: ReadonlySet<string> = new Set()
  const unreadable = new Set<string>()

  async function* contrasts(): AsyncGenerator<Contrast[]> {
    const met = new Set<string>()
    for await (const { rows } of request.source.read(from)) {
      const page: Contrast[] = []
      for (const row of rows) {
        const subject = failing.subjectOf(row)
        if (row instanceof MalformedRow) {
          if (subject !== undefined) unreadable.add(subject)
          continue
        }
        // a later row of a key failed because of the first one
        if (subject !== undefined && met.has(subject)) continue
        if (subject !== undefined) met.add(subject)
        else if (otherwise.subjectOf(row) !== undefined) continue
        page.push({ failed: subject !== undefined, record: row })
      }
      yield page
    }
    found = met
  }

  const explanation = await explain(contrasts, {
    personal: workflow.personal,
    suspects: suspectsOf(request, newest),
  })
  const { code, message } = newest.last
  const missing = subjects.size - found.size - unreadable.size
  const about = { group, workflow: workflow.name, code, message }
  return { ...about, unreadable: unreadable.size, missing, ...explanation }
}

async function subjectsOf(
  { store }: ExplainRequest,
  filter: ExceptionFilter,
): Promise<{ subjects: Set<string>; newest: Exception | undefined }> {
  const subjects = new Set<string>()
  let newest: Exception | undefined
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = await store.inbox.exceptions(filter, { limit: PAGE, before })
    const last = page.at(-1)
    if (!last) return { subjects, newest }
    newest ??= page[0]
    for (const { subject } of page) subjects.add(subject)
    before = last.id
  }
}

async function beginningOf(
  { workflow, store, signal }: ExplainRequest,
  { last }: Exception,
): Promise<ReadRequest> {
  const read: ReadRequest = { pageSize: PAGE, signal }
  const since = (await store.run(last.run))?.since
  if (since)
    read.since = { field: since.field, value: withLag(since.value, workflow.source.cursor?.lagMs ?? 0) }
  return read
}

/** The field that the failure names, and the source fields that it is made of. */
function suspectsOf({ workflow }: ExplainRequest, { last }: Exception): string[] {
  const [field] = (fieldOf(last) ?? '').split('/')
  if (field === undefined || field === '') return []
  return [field, ...(workflow.map ? fieldsBehind(workflow.map, [field]) : [])]
}
