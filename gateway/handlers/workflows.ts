import type { workflows } from '../../shared/contract/operations/workflows'
import type { Workflow } from '../../shared/core/workflow'
import type { Handlers } from '../call'
import type { Limits } from '../limits/limits'
import { forecast } from '../limits/forecast'
import { pageAnswer, pageOf } from './page'
import { numberOf } from './parameter'
import { callerOf, mayUse } from './rights'
import { workflowIn } from './workflow-in'
import { shownAddress } from '../../shared/core/shown-address'

export function workflowHandlers(limits: Limits): Handlers<keyof typeof workflows> {
  return {
    listWorkflows: (call) => {
      const caller = callerOf(call)
      const seen = [...caller.tenant.definition.workflows.values()].filter(({ name }) => mayUse(caller, name))
      const { limit, after = 0 } = pageOf(call)
      const next = after + limit < seen.length ? after + limit : undefined
      return Promise.resolve(pageAnswer(call, seen.slice(after, after + limit).map(workflowView), next))
    },

    getWorkflow: (call) => {
      const workflow = workflowIn(call)
      const schema = workflow.schema === undefined ? {} : { schema: workflow.schema }
      return Promise.resolve({ status: 200, content: { json: { ...workflowView(workflow), ...schema } } })
    },

    getForecast: (call) => {
      const caller = callerOf(call)
      const records = numberOf(call, 'records') ?? 0
      return Promise.resolve({ status: 200, content: { json: forecast(limits.state(caller), records) } })
    },
  }
}

function workflowView({ name, title, key, sync, source, target, reconcile }: Workflow): object {
  return {
    name,
    title,
    key,
    mode: sync.mode,
    source: { connection: source.connection, stream: shownAddress(source.stream) },
    target: { connection: target.connection, stream: shownAddress(target.stream) },
    dimensions: reconcile.dimensions.map((dimension) => dimension.name),
    measures: reconcile.measures.map((measure) => measure.name),
  }
}
