import type { IExecuteFunctions } from 'n8n-workflow'
import { exceptionSettings, reconcileSettings } from '../../../shared/core/definition/reconcile'
import { syncSettings } from '../../../shared/core/definition/sync'
import { milliseconds } from '../../../shared/core/definition/units'
import type { DataRecord } from '../../../shared/core/record/value'
import type { Workflow } from '../../../shared/core/workflow'
import type { Settings } from './settings'

/** What the node is set to, as a workflow of the core; its name is that of the node within its n8n workflow. */
export function workflowOf(
  node: IExecuteFunctions,
  { mapped: { key, map }, sync, cursor }: Settings,
  streams: { source: DataRecord; target: DataRecord },
): Workflow {
  return {
    name: `${node.getWorkflow().id ?? 'new'}/${node.getNode().id}`,
    title: node.getNode().name,
    personal: [],
    key,
    source: {
      connection: 'source',
      stream: 'source',
      settings: streams.source,
      ...(cursor ? { cursor: { field: cursor.field, lagMs: milliseconds(cursor.lag) } } : {}),
    },
    target: { connection: 'target', stream: 'target', settings: streams.target },
    ...(map ? { map } : {}),
    sync: syncSettings(sync),
    reconcile: reconcileSettings({}, key, undefined),
    exceptions: exceptionSettings({}),
  }
}
