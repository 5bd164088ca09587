import type { Definition } from '../shared/core/definition/definition'
import type { Store } from '../shared/core/store'
import type { Workspace } from '../shared/core/workspace'
import type { Jobs } from './jobs/jobs'
import type { Downloads } from './records/downloads'

/** Whose data belongs to nobody in particular: the state that the command line uses, too. */
export const DEFAULT_TENANT = 'default'

/**
 * Whose data: a definition (with `${TENANT}` filled in) and a state of its own, in a file of its own. What one tenant
 * does can not be seen from another because it is not in the same state. Clients that share data share a tenant.
 */
export interface Tenant {
  id: string
  definition: Definition
  workspace: Workspace
  store: Store
  /** For uploads and downloads; exists. */
  folder: string
  jobs: Jobs
  downloads: Downloads
}
