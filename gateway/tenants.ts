import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { registry } from '../connectors'
import { isAlive } from '../shared/adapters/alive'
import { loadDefinition } from '../shared/adapters/definition/load'
import { nodePorts } from '../shared/adapters/ports'
import { prepareState } from '../shared/adapters/state-folder'
import { openSqliteStore } from '../shared/adapters/store/sqlite'
import type { Sql } from '../shared/adapters/store/sql'
import { Workspace } from '../shared/core/workspace'
import { JobStore } from './jobs/job-store'
import { JobRunner } from './jobs/runner'
import { Downloads } from './records/downloads'
import { keptUpload } from './records/kept-upload'
import { tidyHourly } from './records/tidy'
import { DEFAULT_TENANT, type Tenant } from './tenant'

export interface TenantsOptions {
  /** Path of the definition. */
  config: string
  secretsFile?: string | undefined
  env: Readonly<Record<string, string | undefined>>
  /** The gateway's own state. */
  sql: Sql
  /** Runs of one tenant at once. */
  runsAtOnce: number
  /** Takes one of the runs that a client may have at once, and gives it back. @throws Fault LIMIT_REACHED */
  enter: (client: string) => () => void
  say: (line: string) => void
}

/** Opens each tenant when it is first needed: its definition with `${TENANT}` filled in, and a state of its own. */
export class Tenants {
  private readonly opened = new Map<string, Promise<Tenant>>()
  private readonly tidying: (() => void)[] = []

  constructor(private readonly options: TenantsOptions) {}

  /** @throws Fault DEFINITION_INVALID */
  tenant(id: string): Promise<Tenant> {
    let tenant = this.opened.get(id)
    if (!tenant) {
      tenant = this.open(id)
      this.opened.set(id, tenant)
      // a definition that was wrong may be corrected meanwhile
      tenant.catch(() => this.opened.delete(id))
    }
    return tenant
  }

  /** Stops runs at their next checkpoint; they go on when the gateway starts again. */
  async close(): Promise<void> {
    for (const stop of this.tidying) stop()
    for (const opening of this.opened.values()) {
      const tenant = await opening
      await tenant.jobs.close()
      await tenant.downloads.close()
      await tenant.store.close()
    }
  }

  private async open(id: string): Promise<Tenant> {
    const { config, secretsFile, env, sql, runsAtOnce, enter, say } = this.options
    const base = dirname(config)
    const { definition } = await loadDefinition(config, {
      env: { ...env, TENANT: id },
      secretsFile,
      registry,
    })
    const root = join(base, '.tieout')
    await prepareState(root)
    const folder = id === DEFAULT_TENANT ? root : join(root, 'tenants', id)
    mkdirSync(folder, { recursive: true })
    const store = openSqliteStore(join(folder, 'state.sqlite'))
    // files of other tenants may be beside those of this one
    const ports = nodePorts(base, say, id === DEFAULT_TENANT)
    const owner = { name: `${hostname()}:${String(process.pid)}`, alive: isAlive }
    const kept = new JobStore(sql, id)
    const workspace = new Workspace({
      definition,
      registry,
      ports,
      store,
      owner,
      uploadOf: (run) => keptUpload(kept.job(run), { definition, folder }),
    })
    const jobs = new JobRunner({
      jobs: kept,
      workspace,
      store,
      definition,
      newId: () => ports.signer.id(),
      now: () => ports.clock.now(),
      atOnce: runsAtOnce,
      folder,
      enter,
      say,
    })
    const downloads = new Downloads({ workspace, definition, folder, now: () => ports.clock.now() })
    const tenant: Tenant = { id, definition, workspace, store, folder, jobs, downloads }
    this.tidying.push(tidyHourly(folder, () => ports.clock.now()))
    await jobs.recover()
    return tenant
  }
}
