import { Fault } from '../fault'
import type { Clock } from '../ports'
import type { Lock, Store } from '../store'

const LEASE_MS = 60_000

export interface Owner {
  /** Host and process, as shown to the second who starts the workflow. */
  name: string
  /** Whether the owner of a lease is still at work; undefined where nobody here can tell (another host). */
  alive(name: string): boolean | undefined
}

/**
 * The lock of a workflow, renewed while it is held.
 * @throws Fault RUN_ALREADY_GOING that names the run, its owner and when its lease ends
 */
export async function lockWorkflow(
  store: Store,
  clock: Clock,
  workflow: string,
  run: string,
  owner: Owner,
): Promise<Lease> {
  const lock = { workflow, run, owner: owner.name, until: clock.now() + LEASE_MS }
  let holder = await store.acquire(lock, clock.now())
  if (holder && owner.alive(holder.owner) === false) holder = await store.acquire(lock, clock.now(), holder)
  if (holder) {
    const until = new Date(holder.until).toISOString()
    throw new Fault(
      'RUN_ALREADY_GOING',
      `${workflow} is being run by ${holder.owner} (run ${holder.run}); its lease ends at ${until}.`,
      {
        workflow,
        run: holder.run,
        owner: holder.owner,
        until,
      },
    )
  }
  return new Lease(store, clock, lock)
}

export class Lease {
  private readonly ended = new AbortController()
  private lost = false

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private lock: Lock,
  ) {
    void this.keep()
  }

  /**
   * Asks the store only where a renewal is overdue: the process may have stood still for longer than its lease.
   * @throws Fault LEASE_LOST when another run has taken over
   */
  async assertHeld(): Promise<void> {
    if (!this.lost && this.clock.now() > this.lock.until - LEASE_MS / 2) await this.renew()
    const { workflow } = this.lock
    if (this.lost)
      throw new Fault('LEASE_LOST', `Another run of ${workflow} took over while this one stood still.`, {
        workflow,
      })
  }

  async release(): Promise<void> {
    this.ended.abort()
    await this.store.release(this.lock)
  }

  private async keep(): Promise<void> {
    while (!this.ended.signal.aborted) {
      try {
        await this.clock.sleep(LEASE_MS / 3, this.ended.signal)
      } catch {
        return
      }
      // the next round tries again, and whoever is about to write asks before it does
      await this.renew().catch(() => undefined)
    }
  }

  private async renew(): Promise<void> {
    const lock = { ...this.lock, until: this.clock.now() + LEASE_MS }
    if (await this.store.renew(lock)) this.lock = lock
    else this.lost = true
  }
}
