import { Checksum, hashOf } from '../record/checksum'
import { Hasher } from '../record/hash'
import { keyOfText, keyText } from '../record/key'
import type { SpillLog } from '../ports'
import type { DataRecord } from '../record/value'
import type { Known } from '../store'
import type { Accepted } from './accepted'
import { deleteGuard, type Tripped } from './guards'
import { makeBatch, PendingWrite, type WriteScope } from './pending'
import type { SyncRequest } from './request'
import type { SeenKeys } from './seen-keys'

const CHUNK = 1000

/** What a mirror run may delete: keys that the target holds and the source did not list. Kept on disk, not in memory. */
export class Deletes {
  private readonly hasher = new Hasher()
  private known: Known | undefined

  constructor(
    private readonly request: SyncRequest,
    private readonly seen: SeenKeys,
    private readonly scope: WriteScope,
    private readonly accepted?: Accepted,
  ) {}

  async find(): Promise<FoundDeletes> {
    const found = new FoundDeletes(this.request.ports.spill.log())
    let chunk: string[] = []
    for await (const keys of this.held()) {
      for (const key of keys) {
        found.held++
        const text = keyText(key, this.scope.key)
        if (text === undefined || !this.hasher.key(key, this.scope.key)) continue
        if (this.seen.has(this.hasher.a, this.hasher.b) || this.accepted?.stays(text) === true) continue
        chunk.push(text)
        if (chunk.length >= CHUNK) {
          await this.keep(chunk, found)
          chunk = []
        }
      }
    }
    await this.keep(chunk, found)
    return found
  }

  guard(
    found: FoundDeletes,
    listing: { complete: boolean; evidence: string },
    approved: string | undefined,
  ): Tripped | undefined {
    const reason = deleteGuard(found.count, found.held, listing, this.request.workflow.sync.guards.deletes)
    if (reason === undefined || approved === found.hash) return undefined
    return { guard: 'deletes', hash: found.hash, records: found.count, of: found.held, reason }
  }

  /** A record that is marked as deleted already is no delete. */
  private async keep(chunk: readonly string[], found: FoundDeletes): Promise<void> {
    const { workflow } = this.request
    const soft = workflow.sync.deletes === 'soft' && chunk.length > 0
    found.add(soft ? await this.unmarked(chunk) : chunk)
  }

  /** As the target says where it can, else by what it was last given. */
  private async unmarked(chunk: readonly string[]): Promise<readonly string[]> {
    const { target, store, workflow } = this.request
    const marks = chunk.map((key) => this.write(key))
    if (target.plan) {
      const answers = await target.plan(makeBatch(marks, this.scope), new AbortController().signal)
      return chunk.filter((_, i) => answers[i]?.outcome === 'updated')
    }
    const known = (this.known ??= await store.known(workflow.name))
    return marks.filter((mark) => known.hash(mark) !== mark.hash).map(({ keyText }) => keyText)
  }

  private async *held(): AsyncGenerator<readonly DataRecord[]> {
    const { target, store, workflow } = this.request
    if (target.keys && workflow.sync.deleteScope === 'target') {
      yield* target.keys(new AbortController().signal)
      return
    }
    for await (const keys of store.knownKeys(workflow.name))
      yield keys.map((text) => keyOfText(text, this.scope.key))
  }

  /** What deletes the record of this key, or marks it. */
  write(text: string): PendingWrite {
    const { sync } = this.request.workflow
    const soft = sync.deletes === 'soft'
    const key = keyOfText(text, this.scope.key)
    const record = soft ? { ...key, ...sync.softDelete } : key
    const hash = hashOf(this.hasher, key, this.scope.key, record)
    return new PendingWrite(soft ? 'update' : 'delete', record, this.scope, 0, hash, key, true)
  }
}

export class FoundDeletes {
  /** How many records the target holds, and how many of them the source no longer has. */
  held = 0
  count = 0
  private readonly sum = new Checksum()
  private readonly hasher = new Hasher()

  constructor(private readonly log: SpillLog) {}

  /** Of the exact set, whatever its order. */
  get hash(): string {
    return this.sum.text()
  }

  add(keys: readonly string[]): void {
    if (keys.length === 0) return
    for (const key of keys) {
      const { a, b } = this.hasher.text(key)
      this.sum.add(a, b)
    }
    this.count += keys.length
    this.log.append(new TextEncoder().encode(keys.map((key) => key + '\n').join('')))
  }

  /** The texts of the keys, some at a time. */
  *keys(): Generator<readonly string[]> {
    const decoder = new TextDecoder()
    let rest = ''
    for (const bytes of this.log.read()) {
      rest += decoder.decode(bytes, { stream: true })
      const lines = rest.split('\n')
      rest = lines.pop() ?? ''
      yield lines
    }
  }

  drop(): void {
    this.log.drop()
  }
}
