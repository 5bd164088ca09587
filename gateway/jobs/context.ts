import type { Progress } from '../../shared/core/bulk-sync/request'
import type { Definition } from '../../shared/core/definition/definition'
import type { DataRecord } from '../../shared/core/record/value'
import type { Workspace } from '../../shared/core/workspace'

/** What the work of a job is done with. */
export interface WorkContext {
  workspace: Workspace
  definition: Definition
  /** Of an upload without a file. */
  record: DataRecord | undefined
  /** Of the tenant. */
  folder: string
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}
