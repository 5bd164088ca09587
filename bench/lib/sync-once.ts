import { dirname } from 'node:path'
import { registry } from '../../connectors'
import { clock } from '../../shared/adapters/clock'
import { loadDefinition } from '../../shared/adapters/definition/load'
import { NodeFiles } from '../../shared/adapters/files'
import { http } from '../../shared/adapters/http'
import { lineLog } from '../../shared/adapters/log'
import { signer } from '../../shared/adapters/signer'
import { NodeSpill } from '../../shared/adapters/spill'
import { openSqliteStore } from '../../shared/adapters/store/sqlite'
import { createAjvValidator } from '../../shared/adapters/validator'
import { Workspace } from '../../shared/core/workspace'
import { tellCost } from './process'

/** One sync of one workflow, as the command line does it; tells what the sync itself cost, without the start-up. */
export async function syncOnce(path: string, workflow: string, state: string): Promise<void> {
  const { definition } = await loadDefinition(path, { env: process.env, registry })
  const folder = dirname(path)
  const store = openSqliteStore(state)
  const ports = {
    clock,
    http,
    files: new NodeFiles(folder, http),
    validator: createAjvValidator(),
    spill: new NodeSpill(),
    signer,
    log: lineLog((line) => {
      console.error(line)
    }),
  }
  const owner = { name: `bench:${String(process.pid)}`, alive: () => undefined }
  const workspace = new Workspace({ definition, registry, ports, store, owner })
  // the port loads them with the first request; for the peers, too, that is start-up
  await Promise.all([
    import('../../shared/adapters/http/axios.ts'),
    import('../../shared/adapters/http/undici.ts'),
  ])
  const cpu = process.cpuUsage()
  const started = performance.now()
  const receipt = await workspace.sync(workflow, { signal: new AbortController().signal })
  const wall = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  await store.close()
  if (receipt.status !== 'succeeded') throw new Error(JSON.stringify(receipt, null, 2))
  const counts = Object.fromEntries(
    Object.entries(receipt.outcomes).map(([outcome, { count }]) => [outcome, count]),
  )
  tellCost({
    transferWall: wall,
    transferCpu: (used.user + used.system) / 1e6,
    counts,
    traffic: receipt.traffic,
  })
}
