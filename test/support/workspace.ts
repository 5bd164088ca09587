import { join } from 'node:path'
import { clock } from '../../shared/adapters/clock'
import { loadDefinition } from '../../shared/adapters/definition/load'
import { openSqliteStore } from '../../shared/adapters/store/sqlite'
import { nodePorts } from '../../shared/adapters/ports'
import type { Owner } from '../../shared/core/bulk-sync/lock'
import type { Registry } from '../../shared/core/definition/complete'
import type { Clock } from '../../shared/core/ports'
import type { Store } from '../../shared/core/store'
import { Workspace } from '../../shared/core/workspace'

/** Waits are made, but last a hundredth of what was asked for. */
export function quickClock(aheadMs = 0): Clock {
  return {
    ...clock,
    now: () => clock.now() + aheadMs,
    sleep: (ms, signal) => clock.sleep(ms / 100, signal),
  }
}

export interface OpenOptions {
  /** Holds tieout.yaml. */
  folder: string
  registry: Registry
  owner: Owner
  /** Path of the state file. */
  state: string
  wrap?: (store: Store) => Store
  clock?: Clock
}

/** A workspace over real adapters, as the faces open it, but on a clock that waits less. */
export async function openWorkspace(options: OpenOptions): Promise<{ workspace: Workspace; store: Store }> {
  const { folder, registry, owner, state, wrap = (store: Store) => store, clock = quickClock() } = options
  const { definition } = await loadDefinition(join(folder, 'tieout.yaml'), { env: process.env, registry })
  const store = wrap(openSqliteStore(state))
  const ports = { ...nodePorts(folder, () => undefined), clock }
  return { workspace: new Workspace({ definition, registry, ports, store, owner }), store }
}
