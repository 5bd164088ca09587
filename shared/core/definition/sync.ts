import type { SyncEntry, WorkflowEntry } from '../../generated/definition'
import type { ConnectorSpec, SyncMode } from '../connector'
import type { SyncSettings } from '../workflow'
import type { Complaint } from './finding'
import type { Path } from './path'
import { restoreOf } from './soft-delete'
import { limit, milliseconds } from './units'

const DEFAULT_MODE: SyncMode = 'upsert'

export function syncSettings(sync: SyncEntry): SyncSettings {
  const mode = sync.mode ?? DEFAULT_MODE
  const restore = restoreOf(sync)
  return {
    mode,
    deletes: sync.deletes ?? (mode === 'mirror' ? 'hard' : 'none'),
    ...(sync.softDelete ? { softDelete: sync.softDelete } : {}),
    ...(restore ? { restore } : {}),
    deleteScope: sync.deleteScope ?? 'target',
    ...(sync.batch === undefined ? {} : { batch: sync.batch }),
    concurrency: sync.concurrency ?? 4,
    checkpointEvery: sync.checkpointEvery ?? 10_000,
    guards: { deletes: limit(sync.guards?.deletes ?? '10%'), rejects: limit(sync.guards?.rejects ?? '20%') },
    bisectionBudget: sync.bisectionBudget ?? 200,
    retry: { attempts: sync.retry?.attempts ?? 6, forMs: milliseconds(sync.retry?.for ?? '15m') },
  }
}

/** What the two connectors cannot do, and settings that contradict each other. */
export function modeComplaints(
  { source, sync = {} }: WorkflowEntry,
  specs: { source: ConnectorSpec | undefined; target: ConnectorSpec | undefined },
  path: Path,
): Complaint[] {
  const complaints: Complaint[] = []
  const complain = (at: Path, message: string): void =>
    void complaints.push({ path: [...path, ...at], message })
  const mode = sync.mode ?? DEFAULT_MODE

  if (specs.source?.reads === false) {
    complain(['source', 'connection'], `is a ${specs.source.name} connection, which can only be written to`)
  }
  if (source.cursor && specs.source?.incremental === false) {
    complain(
      ['source', 'cursor'],
      `is not possible: ${specs.source.name} is always read whole; leave the cursor out`,
    )
  }
  if (specs.target?.writes === false) {
    complain(['target', 'connection'], `is a ${specs.target.name} connection, which can only be read`)
  } else if (specs.target && !specs.target.modes.includes(mode)) {
    const found = sync.mode === undefined ? `${mode} (the default)` : mode
    complain(
      ['sync', 'mode'],
      `${found} is not possible with ${specs.target.name}; possible: ${specs.target.modes.join(', ')}`,
    )
  }
  if (mode !== 'mirror') {
    for (const name of ['deletes', 'softDelete', 'restore', 'deleteScope'] as const) {
      if (sync[name] !== undefined && sync[name] !== 'none')
        complain(['sync', name], `needs mode: mirror, not ${mode}`)
    }
  }
  return complaints
}
