// One start of a workflow in a process of its own: real adapters, real connectors, state in a file.
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../../../shared/adapters/alive'
import { registry } from '../../../connectors'
import type { Receipt } from '../../../shared/core/bulk-sync/receipt'
import { Fault } from '../../../shared/core/fault'
import type { Workspace } from '../../../shared/core/workspace'
import { parseJson } from '../../../shared/core/format/json'
import type { Value } from '../../../shared/core/record/value'
import { openWorkspace, quickClock } from '../../support/workspace'
import { parseJob, type Job, type Report } from './job'
import { Killer } from './killer'

async function run(job: Job): Promise<Report> {
  const killer = new Killer(job)
  const opened = await openWorkspace({
    folder: job.folder,
    owner: { name: `${hostname()}:${process.pid}`, alive: isAlive },
    registry: Object.fromEntries(
      Object.entries(registry).map(([name, connector]) => [name, killer.connector(connector)]),
    ),
    state: join(job.folder, '.tieout', 'state.sqlite'),
    wrap: (store) => killer.watch(store),
    clock: quickClock(job.aheadMs),
  })
  const { workspace } = opened
  const { signal } = new AbortController()
  const sync = () =>
    job.retry === true ? retry(workspace, job, signal) : workspace.sync(job.workflow, { signal })
  const earlier = (await opened.store.runs({ limit: 100 })).filter(
    ({ status }) => status === 'succeeded',
  ).length
  try {
    const receipt = json(await sync())
    const counts = { ...killer.counts }
    return job.again === true
      ? { receipt, counts, earlier, again: json(await sync()) }
      : { receipt, counts, earlier }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { fault: { code: error.code, detail: error.detail }, counts: killer.counts, earlier }
  } finally {
    await opened.store.close()
  }
}

async function retry(workspace: Workspace, { workflow }: Job, signal: AbortSignal): Promise<Receipt> {
  const [retried] = await workspace.remedies.retry(
    { filter: { workflow, state: 'open' } },
    { who: 'test', signal },
  )
  if (!retried) throw new Error('nothing was retried')
  return retried.receipt
}

run(parseJob(process.argv[2] ?? '')).then(
  (report) => process.stdout.write(JSON.stringify(report)),
  (error: unknown) => {
    process.stderr.write(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exitCode = 1
  },
)

/** As it is printed. */
function json(receipt: Receipt): Value {
  return parseJson(JSON.stringify(receipt))
}
