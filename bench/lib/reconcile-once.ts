import { dirname } from 'node:path'
import { registry } from '../../connectors'
import { nodePorts } from '../../shared/adapters/ports'
import { loadDefinition } from '../../shared/adapters/definition/load'
import { openSqliteStore } from '../../shared/adapters/store/sqlite'
import { Workspace } from '../../shared/core/workspace'
import { tellCost } from './process'

/** One reconciliation of one workflow, as the command line does it: breaks, causes and totals are in the store after it. */
export async function reconcileOnce(path: string, workflow: string, state: string): Promise<void> {
  const { definition } = await loadDefinition(path, { env: process.env, registry })
  const store = openSqliteStore(state)
  const ports = nodePorts(dirname(path), (line) => {
    console.error(line)
  })
  const owner = { name: `bench:${String(process.pid)}`, alive: () => undefined }
  const workspace = new Workspace({ definition, registry, ports, store, owner })
  const { result, block } = await withLongestBlock(() =>
    workspace.reconcile(workflow, { signal: new AbortController().signal }),
  )
  await store.close()
  if (result.status !== 'breaks') throw new Error(JSON.stringify(result.fault, null, 2))
  const { source, target, breaks, totals, method } = result
  tellCost({
    method,
    block,
    found: {
      changed: breaks.byKind.differs,
      missingInA: breaks.byKind['missing-in-source'],
      missingInB: breaks.byKind['missing-in-target'],
      repeatedInA: source.repeated,
      repeatedInB: target.repeated,
      groups: totals.length,
    },
  })
}

/**
 * The longest time, in seconds, that a timer had to wait for what this process computed: CPU of its thread, so that what
 * others do on the machine does not count.
 */
async function withLongestBlock<T>(work: () => Promise<T>): Promise<{ result: T; block: number }> {
  let longest = 0
  let last = threadMicroseconds()
  const timer = setInterval(() => {
    const now = threadMicroseconds()
    longest = Math.max(longest, now - last)
    last = now
  }, 1)
  const result = await work()
  clearInterval(timer)
  return { result, block: longest / 1e6 }
}

function threadMicroseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}
