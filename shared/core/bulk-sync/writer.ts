import type { Answer, Target } from '../connector'
import { Fault } from '../fault'
import type { Clock } from '../ports'
import { holds } from '../record/canonical'
import { backoffMs } from '../resilience/backoff'
import type { IntentJournal } from './intents'
import { makeBatch, type PendingBatch, type PendingWrite, type WriteScope } from './pending'
import type { Settlement } from './segment'

export interface WriterOptions {
  target: Target
  scope: WriteScope
  clock: Clock
  signal: AbortSignal
  concurrency: number
  retry: { attempts: number; forMs: number }
  bisectionBudget: number
  intents: IntentJournal
  onRetry(): void
}

export type Settle = (write: PendingWrite, settlement: Settlement) => void

/** Tries of a batch whose answer is lost or not understood, before its records count as unknown. */
const DOUBTFUL_TRIES = 3

/**
 * Brings batches to the target, several at once, each to its end: repeats what is safe to repeat, waits out an outage,
 * finds the records at fault in a refused batch. Only what makes going on pointless is thrown.
 */
export class Writer {
  bisections = 0
  private readonly active = new Set<Promise<void>>()
  private failure: Fault | undefined

  constructor(private readonly options: WriterOptions) {}

  /** Resolves as soon as there is room for the batch; its records are settled later. */
  async submit(batch: PendingBatch, settle: Settle): Promise<void> {
    while (this.active.size >= this.options.concurrency) await Promise.race(this.active)
    this.throwFailure()
    const work: Promise<void> = this.deliver(batch, settle)
      .catch((error: unknown) => {
        this.failure ??= asFault(error)
      })
      .finally(() => this.active.delete(work))
    this.active.add(work)
  }

  async drain(): Promise<void> {
    await this.quiet()
    this.throwFailure()
  }

  /** Waits for what is under way, whatever comes of it. */
  async quiet(): Promise<void> {
    await Promise.all(this.active)
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure
  }

  private async deliver(first: PendingBatch, settle: Settle): Promise<void> {
    const { clock, retry, intents } = this.options
    let since = clock.elapsed()
    let batch = first
    let doubts = 0
    const earlier = intents.earlier(batch)
    if (earlier === 'doubtful') {
      // without what has come since it may be a batch that went out before, and have its key
      const fresh = batch.writes.filter((write) => !intents.doubtful(write))
      if (fresh.length > 0) {
        const old = batch.writes.filter((write) => intents.doubtful(write))
        for (const part of [old, fresh]) await this.deliver(makeBatch(part, this.options.scope), settle)
        return
      }
      const rest = await this.readBack(batch, settle)
      if (!rest) return
      batch = rest
    } else if (earlier) {
      const again = settleAll(batch, earlier, settle)
      if (again.length > 0) await this.deliver(makeBatch(again, this.options.scope), settle)
      return
    }
    for (let attempt = 1; ; attempt++) {
      try {
        const rest = await this.attempt(batch, settle)
        if (!rest) return
        if (rest.writes.length < batch.writes.length) {
          attempt = 1
          since = clock.elapsed()
        } else if (attempt >= retry.attempts || clock.elapsed() - since > retry.forMs) {
          putOff(rest.writes, first, settle)
          return
        }
        await this.pause(attempt, rest.afterMs)
        batch = makeBatch(rest.writes, this.options.scope)
      } catch (error) {
        const fault = asFault(error)
        if (this.options.signal.aborted || fault.then === 'stop') throw fault
        if (fault.then === 'bisect' || fault.then === 'reject') {
          await this.split(batch, fault, settle)
          return
        }
        const tooLong = attempt >= retry.attempts || clock.elapsed() - since > retry.forMs
        if (fault.then === 'wait' && tooLong) throw fault
        if (fault.then === 'verify') {
          const outage = this.isOutage(fault)
          if (tooLong && outage) throw fault
          if (attempt >= retry.attempts) {
            for (const write of batch.writes) settle(write, { outcome: 'unknown', message: fault.detail })
            return
          }
          if (!outage && (++doubts >= DOUBTFUL_TRIES || this.doubles)) {
            await this.pause(attempt, fault.retryAfterMs)
            const rest = await this.readBack(batch, settle)
            if (!rest) return
            batch = rest
            continue
          }
        }
        await this.pause(attempt, fault.retryAfterMs)
      }
    }
  }

  /** An answer that was lost where asking again does no harm, and nothing better can be done: no record's fault. */
  private isOutage(fault: Fault): boolean {
    return fault.entry.category === 'network' && !this.doubles && !this.options.target.lookup
  }

  private get doubles(): boolean {
    return this.options.target.abilities.repeat === 'doubles'
  }

  /** One write call. Settles what has an answer; returns what the target asked to send again. */
  private async attempt(
    batch: PendingBatch,
    settle: Settle,
  ): Promise<{ writes: PendingWrite[]; afterMs: number } | undefined> {
    const { target, signal, intents } = this.options
    await intents.before(batch)
    for (const write of batch.writes) write.sent = true
    const answers = await target.write(batch, signal)
    if (answers.length !== batch.writes.length) {
      throw new Fault(
        'ANSWER_NOT_UNDERSTOOD',
        `The batch had ${String(batch.writes.length)} records, the answer tells of ${String(answers.length)}.`,
        {
          sent: batch.writes.length,
          answered: answers.length,
        },
      )
    }
    await intents.after(batch, answers)
    const again: PendingWrite[] = []
    let afterMs = 0
    batch.writes.forEach((write, i) => {
      const answer = answers[i]
      if (answer?.outcome === 'retry') {
        again.push(write)
        afterMs = Math.max(afterMs, answer.afterMs ?? 0)
      } else if (answer) settle(write, answer)
    })
    return again.length > 0 ? { writes: again, afterMs } : undefined
  }

  /**
   * A batch was refused for its content: halves it until the records at fault stand alone. That costs about
   * k * log2(n / k) calls for k bad records of n; when the run's budget is spent, the rest stays unprocessed.
   */
  private async split(batch: PendingBatch, fault: Fault, settle: Settle): Promise<void> {
    const [only] = batch.writes
    if (batch.writes.length === 1 && only) {
      settle(only, { outcome: 'rejected', code: fault.code, message: fault.detail })
      return
    }
    const rest = this.writtenInPart(batch) ? await this.readBack(batch, settle, IN_PART) : batch
    if (!rest) return
    if (this.bisections + 2 > this.options.bisectionBudget) {
      for (const write of rest.writes) settle(write, { outcome: 'unprocessed', code: 'BISECTION_BUDGET' })
      return
    }
    this.bisections += 2
    const middle = rest.writes.length >> 1
    for (const half of [rest.writes.slice(0, middle), rest.writes.slice(middle)]) {
      if (half.length > 0) await this.deliver(makeBatch(half, this.options.scope), settle)
    }
  }

  /** Whether a refused batch may have been written in part, and its parts, sent under keys of their own, would double. */
  private writtenInPart(batch: PendingBatch): boolean {
    const { atomic, repeat } = this.options.target.abilities
    if (atomic || repeat === 'harmless') return false
    return repeat === 'doubles' || batch.writes.some(({ operation }) => operation === 'insert')
  }

  /**
   * Nobody knows whether the batch was written: looks the records up. What is there is settled, what is not is returned
   * to be sent. Without a way to look, the records are unknown.
   */
  private async readBack(
    batch: PendingBatch,
    settle: Settle,
    why = NO_ANSWER,
  ): Promise<PendingBatch | undefined> {
    const { target, signal } = this.options
    if (!target.lookup) {
      for (const write of batch.writes) settle(write, { outcome: 'unknown', message: why + NO_LOOKUP })
      return undefined
    }
    const found = await target.lookup(
      batch.writes.map((write) => write.key),
      signal,
    )
    const missing: PendingWrite[] = []
    for (const [i, write] of batch.writes.entries()) {
      const held = found[i]
      if (write.operation === 'delete') {
        if (held) missing.push(write)
        else settle(write, { outcome: 'deleted' })
      } else if (held && holds(held, write.record)) settle(write, foundThere(write))
      else if (held && write.operation === 'insert')
        settle(write, { outcome: 'unknown', message: why + OTHER_VALUES })
      else missing.push(write)
    }
    return missing.length > 0 ? makeBatch(missing, this.options.scope) : undefined
  }

  private async pause(attempt: number, askedMs: number | undefined): Promise<void> {
    const { clock, signal } = this.options
    this.options.onRetry()
    await clock.sleep(Math.max(askedMs ?? 0, backoffMs(attempt, clock.random())), signal)
  }
}

const NO_ANSWER = 'The request was sent and its answer never came; '
const IN_PART = 'The batch was refused, and whether a part of it was written is not known; '
const NO_LOOKUP = 'the target offers no way to look the record up.'
const OTHER_VALUES = 'the target has a record with this key and other values.'

/** Looked up after a write whose answer is lost: an upsert may have met a record with the same values. */
function foundThere({ operation, exists }: PendingWrite): Settlement {
  if (exists === true) return { outcome: 'updated' }
  return operation === 'insert' ? { outcome: 'created' } : { outcome: 'created', assumed: true }
}

/** Where others of the batch were taken it is the record, else the target. */
function putOff(writes: readonly PendingWrite[], { writes: all }: PendingBatch, settle: Settle): void {
  if (writes.length === all.length && all.length > 1)
    throw new Fault(
      'RATE_LIMITED',
      `The target asked to send all ${String(all.length)} records of a batch later, as often as the workflow tries.`,
      { records: all.length },
    )
  for (const write of writes) settle(write, { outcome: 'unprocessed', code: 'RECORD_PUT_OFF' })
}

/** @returns the writes that the target asked to send again */
function settleAll(batch: PendingBatch, answers: readonly Answer[], settle: Settle): PendingWrite[] {
  return batch.writes.filter((write, i) => {
    const answer = answers[i]
    if (answer?.outcome === 'retry') return true
    settle(write, answer ?? { outcome: 'unknown', message: NO_ANSWER + NO_LOOKUP })
    return false
  })
}

/** Faults pass; anything else is a defect and says so without a stack. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const message = error instanceof Error ? error.message : String(error)
  return new Fault('UNEXPECTED', message, {}, undefined, { cause: error })
}
