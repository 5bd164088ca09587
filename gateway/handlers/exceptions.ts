import type { exceptions } from '../../shared/contract/operations/exceptions'
import type { Change } from '../../shared/core/exceptions/change'
import type { ExceptionFilter } from '../../shared/core/exceptions/exception'
import type { Edits } from '../../shared/core/exceptions/fix'
import type { ExceptionView, Selection } from '../../shared/core/exceptions/inbox'
import { Fault } from '../../shared/core/fault'
import { exceptionRow } from '../../shared/core/exceptions/row'
import { spreadsheetCsv } from '../../shared/core/format/spreadsheet'
import type { DataRecord } from '../../shared/core/record/value'
import type { Answer, Call, Caller, Handlers, JsonAnswer } from '../call'
import { preferred } from '../negotiate'
import { invalid } from '../refused-body'
import { asAsked, bodyOf, changeOf, type WantedChange } from './exception-change'
import { exceptionView, explanationView, groupView, wholeView } from './exception-view'
import { pageAnswer, pageOf } from './page'
import { flagOf, needed, numberOf, textOf } from './parameter'
import { callerOf, mayUse } from './rights'
import { begun } from './runs'
import { assertException, assertGroup, selectionOf, workflowNamed } from './selection'
import { workflowIn } from './workflow-in'

const FORMS = ['application/json', 'text/csv'] as const

export const exceptionHandlers: Handlers<keyof typeof exceptions> = {
  listExceptions: async (call) => {
    const caller = callerOf(call)
    const { inbox } = caller.tenant.workspace
    const filter = filterOf(call)
    if (preferred(call.headers['accept'], FORMS) === 'text/csv')
      return csv(
        spreadsheetCsv('exceptions.csv', async function* () {
          for await (const page of inbox.all(filter))
            yield page.filter(({ workflow }) => mayUse(caller, workflow)).map(exceptionRow)
        }),
      )
    const { limit, after } = pageOf(call)
    const page = await inbox.list(filter, { limit, ...(after === undefined ? {} : { before: after }) })
    const seen = page.filter(({ workflow }) => mayUse(caller, workflow))
    return pageAnswer(call, seen.map(exceptionView), page.length < limit ? undefined : page.at(-1)?.id)
  },

  listGroups: async (call) => {
    const caller = callerOf(call)
    const groups = await caller.tenant.workspace.inbox.groups(filterOf(call))
    const seen = groups.filter(({ workflow }) => mayUse(caller, workflow))
    return pageAnswer(call, seen.map(groupView), undefined)
  },

  explainGroup: async (call) => {
    const caller = callerOf(call)
    const group = needed(call, 'group')
    await assertGroup(caller, group)
    const explanation = await caller.tenant.workspace.remedies.explain(group, call.signal)
    return { status: 200, content: { json: explanationView(explanation) } }
  },

  getException: async (call) => {
    const caller = callerOf(call)
    const id = await exceptionOf(call)
    const views = flagOf(call, 'now')
      ? { views: await caller.tenant.workspace.remedies.compare(id, { signal: call.signal }) }
      : {}
    return shown(await caller.tenant.workspace.inbox.show(id), views)
  },

  changeException: async (call) => {
    const { tenant, client } = callerOf(call)
    const { inbox, remedies } = tenant.workspace
    const id = await exceptionOf(call)
    const { changes, fix } = changeOf(await bodyOf(call))
    const version = versionOf(call.headers['if-match'])
    if (changes.length === 0 && !fix) throw invalid('#', 'the body names nothing to change')
    const one = { id, ...(version === undefined ? {} : { version }) }
    const keep = call.claim?.keep(shown)
    return asAsked({ at: '#', edits: '#/fix' }, async () => {
      const all = fix ? [...changes, await remedies.fixOf([id], fix, call.signal)] : changes
      return shown(await inbox.changeOne(one, all, { who: client, keep }).catch(asPrecondition(version)))
    })
  },

  changeExceptions: async (call) => {
    const caller = callerOf(call)
    const body = await bodyOf(call)
    const { changes, fix } = changeOf(body['change'], '#/change')
    if (fix && body['ids'] === undefined && body['group'] === undefined)
      throw invalid('#/change/fix', 'is for exceptions by ids or of a group')
    const selection = await selectionOf(caller, body, workflowNamed(caller, body))
    return asAsked({ at: '#/change', edits: '#/change/fix' }, async () => {
      if (body['preview'] === true) return previewed(call, selection, { changes, fix })
      const all = fix ? [...changes, await fixOf(call, selection, fix)] : changes
      const keep = call.claim?.keep(changed)
      return changed(await caller.tenant.workspace.inbox.change(selection, all, { who: caller.client, keep }))
    })
  },

  retryExceptions: async (call) => {
    const caller = callerOf(call)
    const workflow = workflowIn(call).name
    const body = await bodyOf(call)
    const selection = await selectionOf(caller, body, workflow)
    const { rate, again } = body
    if (rate !== undefined && (typeof rate !== 'number' || !(rate > 0)))
      throw invalid('#/rate', 'must be above 0')
    const options: DataRecord = {
      ...('ids' in selection ? { ids: selection.ids } : { filter: { ...selection.filter } }),
      ...(rate === undefined ? {} : { rate }),
      ...(again === true ? { again } : {}),
    }
    const { jobs } = caller.tenant
    return begun(
      call,
      await jobs.start({ workflow, kind: 'retry', options, client: caller.client, claim: call.claim?.id }),
    )
  },
}

function shown(view: ExceptionView, more: object = {}): JsonAnswer {
  const headers = { etag: `"${String(view.exception.version)}"` }
  return { status: 200, headers, content: { json: { ...wholeView(view), ...more } } }
}

const changed = (exceptions: number): JsonAnswer => ({
  status: 200,
  content: { json: { changed: exceptions } },
})

/** What a change would be made to; nothing is changed. */
async function previewed(call: Call, selection: Selection, { changes, fix }: WantedChange): Promise<Answer> {
  const caller = callerOf(call)
  const { inbox, remedies } = caller.tenant.workspace
  const would =
    changes.length > 0
      ? (await inbox.preview(selection, changes, { who: caller.client })).ids.length
      : 'ids' in selection
        ? selection.ids.length
        : await inbox.count(selection.filter)
  const preview = fix ? [await remedies.preview(await anyOf(caller, selection), fix, call.signal)] : []
  return { status: 200, content: { json: { changed: would, preview } } }
}

/** An edit of those that are named, or of what a filter finds by the record of any of it. */
async function fixOf(call: Call, selection: Selection, edits: Edits): Promise<Change> {
  const caller = callerOf(call)
  const { remedies } = caller.tenant.workspace
  if ('ids' in selection) return remedies.fixOf(selection.ids, edits, call.signal)
  return remedies.groupFixOf(await anyOf(caller, selection), edits, call.signal)
}

/** The number at the address, if it is one of a workflow that the caller may use. @throws Fault EXCEPTION_UNKNOWN */
async function exceptionOf(call: Call): Promise<number> {
  const id = numberOf(call, 'exception') ?? 0
  await assertException(callerOf(call), id)
  return id
}

function filterOf(call: Call): ExceptionFilter {
  const filter: ExceptionFilter = {}
  const { state } = call.parameters
  filter.state = state === 'resolved' || state === 'ignored' || state === 'expired' ? state : 'open'
  for (const name of ['workflow', 'code', 'run', 'assignee', 'tag', 'text'] as const) {
    const value = textOf(call, name)
    if (value !== undefined) filter[name] = value
  }
  const group = textOf(call, 'group')
  if (group !== undefined) filter.fingerprint = group
  if (flagOf(call, 'overdue')) filter.overdueAt = call.received
  return filter
}

async function anyOf(caller: Caller, selection: Selection): Promise<number> {
  const [id] =
    'ids' in selection
      ? selection.ids
      : (await caller.tenant.workspace.inbox.list(selection.filter, { limit: 1 })).map((one) => one.id)
  if (id === undefined) throw new Fault('EXCEPTION_UNKNOWN', 'No exception fits.')
  return id
}

/** That If-Match names; undefined where any will do. @throws Fault PARAMETER_INVALID: it must never be passed over */
function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined
  const version = /^\s*(?:W\/)?("?)(\d+)\1\s*$/.exec(ifMatch)?.[2]
  if (version !== undefined) return Number(version)
  throw new Fault('PARAMETER_INVALID', 'If-Match: must be the ETag of one answer, such as "7".', {
    parameters: 'If-Match',
  })
}

/** RFC 9110: what If-Match names is no longer there. */
function asPrecondition(version: number | undefined): (error: unknown) => never {
  return (error) => {
    if (version !== undefined && error instanceof Fault && error.code === 'EXCEPTION_CHANGED')
      throw new Fault('PRECONDITION_FAILED', error.detail, error.evidence)
    throw error
  }
}

function csv(bytes: AsyncIterable<Uint8Array>): Answer {
  return { status: 200, content: { mediaType: 'text/csv; charset=utf-8; header=present', bytes } }
}
