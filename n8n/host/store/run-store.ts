import type { Answer } from '../../../shared/core/connector'
import type { Failure } from '../../../shared/core/exceptions/exception'
import type {
  Checkpoint,
  Intent,
  Known,
  Left,
  Lock,
  PackedChanges,
  RunRow,
  SegmentCommit,
  Store,
} from '../../../shared/core/store'
import type { SavedCursor } from '../../../shared/core/bulk-sync/cursor'
import { noInbox } from './no-inbox'
import { noReconciliations } from './no-reconciliations'

export interface StoreOptions {
  /** Failures to keep for the output; what is more is only counted. */
  mostFailures: number
  /** Where an incremental run begins. */
  cursor?: SavedCursor | undefined
  /** What the target is known to hold: the hash of each record by key. */
  known?: ReadonlyMap<string, number> | undefined
}

/**
 * The state of one run, in memory: n8n gives nodes no place for more. It ends with the execution, so a run that was killed
 * starts again from the beginning; only the cursor, and what the target is found to hold, come in from outside.
 */
export class RunStore implements Store {
  readonly inbox = noInbox
  readonly reconciliations = noReconciliations
  readonly failures: Failure[] = []
  omitted = 0
  /** For the next run. */
  left: Left | undefined
  private row: RunRow | undefined
  private noted: (readonly string[])[] = []
  private open = new Map<string, Intent>()

  constructor(private readonly options: StoreOptions) {}

  acquire(): Promise<Lock | undefined> {
    return Promise.resolve(undefined)
  }

  renew(): Promise<boolean> {
    return Promise.resolve(true)
  }

  release(): Promise<void> {
    return Promise.resolve()
  }

  putRun(run: RunRow): Promise<void> {
    this.row = run
    return Promise.resolve()
  }

  run(id: string): Promise<RunRow | undefined> {
    return Promise.resolve(this.row?.id === id ? this.row : undefined)
  }

  runs(): Promise<RunRow[]> {
    return Promise.resolve(this.row ? [this.row] : [])
  }

  unfinished(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  address(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  noteKnown(): Promise<void> {
    return Promise.resolve()
  }

  renameTarget(): Promise<void> {
    return Promise.resolve()
  }

  forget(): Promise<void> {
    return Promise.resolve()
  }

  checkpoint(): Promise<Checkpoint | undefined> {
    return Promise.resolve(undefined)
  }

  async *seen(): AsyncGenerator<Int32Array> {
    // a run never goes on here, so nobody asks for more
  }

  commit({ failures }: SegmentCommit): Promise<void> {
    this.keep(failures)
    this.open = new Map()
    return Promise.resolve()
  }

  keepFailures(failures: readonly Failure[]): Promise<void> {
    this.keep(failures)
    return Promise.resolve()
  }

  dropKeptFailures(): Promise<void> {
    return Promise.resolve()
  }

  noteDeletes(_run: string, keys: Iterable<readonly string[]>): Promise<void> {
    this.noted = [...keys]
    return Promise.resolve()
  }

  async *deletes(): AsyncGenerator<readonly string[]> {
    yield* this.noted
    await Promise.resolve()
  }

  dropCheckpoint(): Promise<void> {
    return Promise.resolve()
  }

  closeRun(run: RunRow, left?: Left): Promise<void> {
    this.row = run
    this.left = left
    return Promise.resolve()
  }

  async *memory(): AsyncGenerator<Int32Array> {
    // what a comparing target was given is not kept
  }

  known(): Promise<Known> {
    return Promise.resolve({ hash: ({ keyText }) => this.options.known?.get(keyText) })
  }

  knowsAny(): Promise<boolean> {
    return Promise.resolve((this.options.known?.size ?? 0) > 0)
  }

  async *knownKeys(): AsyncGenerator<readonly string[]> {
    yield await Promise.resolve([...(this.options.known?.keys() ?? [])])
  }

  intend(_run: string, intent: Intent): Promise<void> {
    this.open.set(intent.batch, intent)
    return Promise.resolve()
  }

  answered(_run: string, batch: string, answers: readonly Answer[]): Promise<void> {
    const intent = this.open.get(batch)
    if (intent) this.open.set(batch, { ...intent, answers })
    return Promise.resolve()
  }

  intents(): Promise<Intent[]> {
    return Promise.resolve([...this.open.values()])
  }

  async *changes(): AsyncGenerator<PackedChanges> {
    // undo needs a gateway
  }

  cursor(): Promise<SavedCursor | undefined> {
    return Promise.resolve(this.options.cursor)
  }

  kept(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  private keep(failures: readonly Failure[]): void {
    const room = this.options.mostFailures - this.failures.length
    this.failures.push(...failures.slice(0, room))
    this.omitted += Math.max(0, failures.length - room)
  }
}
