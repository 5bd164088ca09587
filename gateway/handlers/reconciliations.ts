import type { reconciliations } from '../../shared/contract/operations/reconciliations'
import { signer } from '../../shared/adapters/signer'
import { deflate } from '../../connectors/xlsx/deflate'
import { Fault } from '../../shared/core/fault'
import type { KeptBreak } from '../../shared/core/reconciliation/break'
import type { Reconciliation } from '../../shared/core/reconciliation/reconciliation'
import type { DrillDown } from '../../shared/core/reconciliation/reports'
import type { Signature } from '../../shared/core/reconciliation/store'
import { csvReport } from '../../shared/core/reconciliation/report/csv'
import { htmlReport } from '../../shared/core/reconciliation/report/html'
import { xlsxReport } from '../../shared/core/reconciliation/report/xlsx'
import type { Answer, Call, Handlers, JsonAnswer } from '../call'
import { preferred } from '../negotiate'
import { invalid } from '../refused-body'
import { bodyOf } from './exception-change'
import { instant } from './exception-view'
import { cursorUnknown, limitOf, pageAnswer, pageOf } from './page'
import { needed, textOf } from './parameter'
import { assertMayUse, callerOf } from './rights'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const FORMS = ['application/json', 'text/html', XLSX, 'text/csv'] as const
const BY_FORMAT = { json: 'application/json', html: 'text/html', xlsx: XLSX, csv: 'text/csv' } as const

export const reconciliationHandlers: Handlers<keyof typeof reconciliations> = {
  listReconciliations: async (call) => {
    const { reconciliations } = callerOf(call).tenant.store
    const workflow = needed(call, 'workflow')
    const limit = limitOf(call)
    const before = textOf(call, 'after')
    if (before !== undefined && (await reconciliations.reconciliation(before))?.workflow !== workflow)
      throw cursorUnknown(before)
    const found = await reconciliations.reconciliations({
      workflow,
      limit,
      ...(before === undefined ? {} : { before }),
    })
    return pageAnswer(call, found, found.length < limit ? undefined : found.at(-1)?.id)
  },

  getReconciliation: async (call) => {
    const reconciliation = await reconciliationOf(call)
    const { reports } = callerOf(call).tenant.workspace
    const form = formOf(call)
    if (form === 'application/json') return { status: 200, content: { json: reconciliation } }
    const report = await reports.report(reconciliation)
    if (form === 'text/html')
      return bytes('text/html; charset=utf-8', Buffer.from(await htmlReport(report, signer)))
    if (form === XLSX) return bytes(XLSX, xlsxReport(report, deflate))
    return bytes('text/csv; charset=utf-8; header=present', (await csvReport(report))['totals.csv'])
  },

  listBreaks: async (call) => {
    const reconciliation = await reconciliationOf(call)
    const { reports } = callerOf(call).tenant.workspace
    const filter = drillDownOf(call)
    if (preferred(call.headers['accept'], ['application/json', 'text/csv']) === 'text/csv')
      return bytes(
        'text/csv; charset=utf-8; header=present',
        (await csvReport(await reports.report(reconciliation, filter)))['breaks.csv'],
      )
    const { limit } = pageOf(call)
    const { breaks } = await reports.breaks(reconciliation, filter, pageOf(call))
    return pageAnswer(call, breaks.map(breakView), breaks.length < limit ? undefined : breaks.at(-1)?.id)
  },

  signOff: async (call) => {
    const { id } = await reconciliationOf(call)
    const { period, who, comment = '' } = await bodyOf(call)
    if (typeof period !== 'string') throw invalid('#/period', 'must be a text')
    if (typeof who !== 'string') throw invalid('#/who', 'must be a text')
    if (typeof comment !== 'string') throw invalid('#/comment', 'must be a text')
    const { reports } = callerOf(call).tenant.workspace
    const keep = call.claim?.keep(signed)
    return signed(await reports.signOff({ id, period, who, comment, keep }))
  },
}

/** The reconciliation at the address, if it is one of a workflow that the caller may use. */
async function reconciliationOf(call: Call): Promise<Reconciliation> {
  const caller = callerOf(call)
  const id = needed(call, 'reconciliation')
  const unknown = (): Fault =>
    new Fault('RECONCILIATION_UNKNOWN', `There is no reconciliation ${id} here.`, { reconciliation: id })
  const reconciliation = await caller.tenant.store.reconciliations.reconciliation(id)
  if (!reconciliation) throw unknown()
  assertMayUse(caller, reconciliation.workflow, unknown)
  return reconciliation
}

/** @throws Fault NOT_ACCEPTABLE */
function formOf(call: Call): (typeof FORMS)[number] {
  const format = textOf(call, 'format')
  if (format === 'json' || format === 'html' || format === 'xlsx' || format === 'csv')
    return BY_FORMAT[format]
  const form = preferred(call.headers['accept'], FORMS)
  if (form === undefined)
    throw new Fault('NOT_ACCEPTABLE', `This is given as ${FORMS.join(', ')}.`, { formats: FORMS.join(', ') })
  return form
}

const KINDS = ['missing-in-source', 'missing-in-target', 'duplicate', 'differs'] as const
const STATES = ['open', 'pending', 'accepted'] as const

function drillDownOf(call: Call): DrillDown {
  const filter: DrillDown = {}
  const kind = KINDS.find((one) => one === call.parameters['kind'])
  const state = STATES.find((one) => one === call.parameters['state'])
  if (kind) filter.kind = kind
  if (state) filter.state = state
  for (const name of ['cause', 'field'] as const) {
    const value = textOf(call, name)
    if (value !== undefined) filter[name] = value
  }
  const where = [...new URL(call.path, 'http://gateway').searchParams].filter(([name]) =>
    name.startsWith('dimension.'),
  )
  if (where.length > 0)
    filter.where = Object.fromEntries(where.map(([name, value]) => [name.slice('dimension.'.length), value]))
  return filter
}

function breakView({ firstSeen, ...one }: KeptBreak): object {
  return { ...one, ...(firstSeen === undefined ? {} : { firstSeen: instant(firstSeen) }) }
}

function signed(signature: Signature): JsonAnswer {
  return { status: 201, content: { json: { ...signature, at: instant(signature.at) } } }
}

function bytes(mediaType: string, content: Uint8Array | AsyncIterable<Uint8Array>): Answer {
  return { status: 200, content: { mediaType, bytes: content } }
}
