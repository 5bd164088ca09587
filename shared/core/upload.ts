import type { Connection, ConnectionContext, SyncMode } from './connector'
import { retriedMode } from './exceptions/retry'
import { without } from './exceptions/lifecycle'
import type { DataRecord } from './record/value'
import type { Workflow } from './workflow'

/** Records from elsewhere than the workflow's own source: a file that somebody sent, or one record. */
export interface Upload {
  /** What stands for the stream in receipts and messages. */
  stream: string
  settings: DataRecord
  /** In place of that of the workflow. */
  mode?: UploadMode
  /** How many there are, where that is known. */
  records?: number
  connect(context: ConnectionContext): Promise<Connection>
}

/** What was sent is never taken for all that there is, so it deletes nothing. */
export type UploadMode = Exclude<SyncMode, 'mirror'>

/** The file that was sent to a run, where it is still kept. */
export type UploadOf = (run: string) => Promise<Upload | undefined>

/** Of a connection that is not in the definition. */
export const UPLOAD = 'upload'

/** The workflow as an upload runs it: what the workflow knows of its own source stays as it is. */
export function uploadedWorkflow(workflow: Workflow, { stream, settings, mode }: Upload): Workflow {
  const { sync } = workflow
  return {
    ...workflow,
    source: { ...without(workflow.source, 'cursor'), connection: UPLOAD, stream, settings },
    sync: { ...sync, mode: mode ?? retriedMode(workflow), deletes: 'none' },
  }
}
