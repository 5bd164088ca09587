import type { decisions } from '../../shared/contract/operations/decisions'
import type { DecisionPreview } from '../../shared/core/exceptions/decide/preview'
import { Fault } from '../../shared/core/fault'
import type { Decision } from '../../shared/core/reconciliation/store'
import { isObject, type DataRecord } from '../../shared/core/record/value'
import type { Handlers } from '../call'
import { decisionIn } from '../jobs/options'
import { asAsked, bodyOf } from './exception-change'
import { instant } from './exception-view'
import { pageAnswer, pageOf } from './page'
import { needed } from './parameter'
import { callerOf } from './rights'
import { begun } from './runs'
import { selectionOf } from './selection'
import { workflowIn } from './workflow-in'

const BODY = { at: '#', edits: '#/set' }

export const decisionHandlers: Handlers<keyof typeof decisions> = {
  listDecisions: async (call) => {
    const { remedies } = callerOf(call).tenant.workspace
    const { decisions, next } = await remedies.standing(needed(call, 'workflow'), pageOf(call))
    return pageAnswer(call, decisions.map(decisionView), next)
  },

  decideExceptions: async (call) => {
    const caller = callerOf(call)
    const { jobs, workspace } = caller.tenant
    const workflow = workflowIn(call).name
    const body = await bodyOf(call)
    const selection = await selectionOf(caller, body, workflow)
    const options: DataRecord = {
      ...('ids' in selection ? { ids: selection.ids } : { filter: { ...selection.filter } }),
      ...optionsIn(body),
    }
    await asAsked(BODY, () => {
      workspace.remedies.assertSound(workflow, decisionIn(options, caller.client))
    })
    return begun(
      call,
      await jobs.start({ workflow, kind: 'decide', options, client: caller.client, claim: call.claim?.id }),
    )
  },

  previewDecision: async (call) => {
    const caller = callerOf(call)
    const body = await bodyOf(call)
    const selection = await selectionOf(caller, body, workflowIn(call).name)
    const asked = decisionIn(optionsIn(body), caller.client)
    const [preview] = await asAsked(BODY, () =>
      caller.tenant.workspace.remedies.previewDecision(selection, asked, call.signal),
    )
    if (!preview) throw new Fault('DECISION_NOT_POSSIBLE', 'No exception fits.')
    return { status: 200, content: { json: previewView(preview) } }
  },
}

/** What a client may say of a decision; the schema has made sure of it. */
function optionsIn({ decision, reason, until, set }: DataRecord): DataRecord {
  return {
    ...(typeof decision === 'string' ? { decision } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof until === 'string' ? { until } : {}),
    ...(isObject(set) ? { set } : {}),
  }
}

function decisionView({ key, kind, decision, reason, who, at, until, exception }: Decision): object {
  return {
    ...{ key, kind, decision, reason, who, at: instant(at) },
    ...(until === undefined ? {} : { until: instant(until) }),
    ...(exception === undefined ? {} : { exception }),
  }
}

function previewView({ problems, ...preview }: DecisionPreview): object {
  return { ...preview, notPossible: problems.count, problems: problems.first }
}
