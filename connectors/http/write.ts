import type {
  Answer,
  Batch,
  Operation,
  Target,
  TargetAbilities,
  TargetRequest,
  Write,
} from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import { compileMapping } from '../../shared/core/mapping/compile'
import { CountingLedger, type Ledger } from '../../shared/core/record/ledger'
import { Rejection } from '../../shared/core/record/rejection'
import type { Api, Reply } from './api'
import { maybeContent } from './answer'
import { excerpt } from './body'
import { lookupBy } from './lookup'
import { bodyFormatOf, type BodyFormat } from './print'
import { batchAnswers, said, singleAnswer, statusAnswer } from './results'
import type { DataRecord } from '../../shared/core/record/value'
import { flag, number, section, text } from '../../shared/core/settings'
import { headers, table } from './settings'
import { nameOf } from './status'
import { fieldsOf, fillPath } from './template'

/** The declared names of the operations; `create` and `upsert` fall back on what the stream says of writing. */
const NAMES = { insert: 'create', update: 'update', upsert: 'upsert', delete: 'delete' } as const

const SIZE = 500

export function target(api: Api, settings: DataRecord, request: TargetRequest, concurrency: number): Target {
  const writer = new Writer(api, settings, request, concurrency)
  const lookup = section(settings, 'lookup')
  return {
    address: api.address(text(settings, 'path') ?? ''),
    abilities: abilitiesOf(settings, concurrency),
    write: (batch, signal) => writer.write(batch, signal),
    ...(lookup === undefined ? {} : { lookup: (keys, signal) => writer.lookup(lookup, keys, signal) }),
  }
}

function abilitiesOf(settings: DataRecord, concurrency: number): TargetAbilities {
  const size = number(settings, 'size')
  return {
    compares: false,
    repeat: repeatOf(settings),
    atomic: flag(settings, 'atomic') ?? false,
    before: false,
    preferredBatch: size ?? SIZE,
    ...(size === undefined ? {} : { maxBatch: size }),
    maxConcurrency: concurrency,
  }
}

/** What is declared as upsert, or goes by PUT, leaves the same state when it arrives again. */
function repeatOf(settings: DataRecord): TargetAbilities['repeat'] {
  if (isHarmless(settings)) return 'harmless'
  return section(settings, 'idempotency') === undefined ? 'doubles' : 'replayed'
}

function isHarmless(settings: DataRecord): boolean {
  const ways = Object.values(NAMES)
    .map((name) => section(settings, name))
    .filter((way) => way !== undefined)
  const repeatable = (way: DataRecord) =>
    ['PUT', 'DELETE'].includes(text(way, 'method') ?? text(settings, 'method') ?? 'POST')
  const create = section(settings, 'create')
  const upsert = section(settings, 'upsert')
  if (create !== undefined && !repeatable(create)) return false
  return upsert !== undefined || repeatable(settings) || (ways.length > 0 && ways.every(repeatable))
}

class Writer {
  private readonly repeatable: boolean

  constructor(
    private readonly api: Api,
    private readonly settings: DataRecord,
    private readonly request: TargetRequest,
    private readonly concurrency: number,
  ) {
    this.repeatable = repeatOf(settings) !== 'doubles'
  }

  async write(batch: Batch, signal: AbortSignal): Promise<Answer[]> {
    const [first] = batch.writes
    if (first !== undefined && batch.writes.every(({ operation }) => operation === first.operation))
      return await this.part(first.operation, batch.writes, batch.idempotencyKey, signal)
    return await this.byOperation(batch, signal)
  }

  private async byOperation(batch: Batch, signal: AbortSignal): Promise<Answer[]> {
    const answers = new Map<Write, Answer>()
    for (const operation of new Set(batch.writes.map(({ operation }) => operation))) {
      const writes = batch.writes.filter((write) => write.operation === operation)
      const key = `${batch.idempotencyKey}-${operation}`
      const part = await this.part(operation, writes, key, signal).catch((error: unknown) => {
        // What was answered for another operation must not be lost: only this part is sent again.
        if (answers.size > 0 && error instanceof Fault && ['wait', 'bisect'].includes(error.then))
          return waiting(writes, error)
        throw error
      })
      writes.forEach((write, index) => answers.set(write, part[index] ?? NO_ANSWER))
    }
    return batch.writes.map((write) => answers.get(write) ?? NO_ANSWER)
  }

  /** What XML has is text: values get the types of the records that are written. */
  async lookup(
    lookup: DataRecord,
    keys: readonly DataRecord[],
    signal: AbortSignal,
  ): Promise<(DataRecord | undefined)[]> {
    const { key, schema, ledger } = this.request
    const found = await lookupBy(this.api, lookup, { key, settings: this.settings }, keys, signal)
    if (text(this.settings, 'format') !== 'xml') return found
    const mapper = compileMapping(undefined, { typed: false, ...(schema === undefined ? {} : { schema }) })
    return found.map((record) => {
      const converted = record === undefined ? undefined : mapper.map(record, ledger)
      return converted instanceof Rejection ? record : converted
    })
  }

  private async part(
    operation: Operation,
    writes: readonly Write[],
    key: string,
    signal: AbortSignal,
  ): Promise<Answer[]> {
    const settings = this.wayOf(operation)
    const format = bodyFormatOf(settings)
    const way = { settings, format }
    const perRecord =
      format.single || fieldsOf(text(settings, 'path') ?? '').length > 0 || flag(settings, 'batch') === false
    const send = (some: readonly Write[]) =>
      perRecord ? this.oneByOne(way, some, signal) : this.together(way, some, key, signal)
    if (format.refuse === undefined) return await send(writes)
    const refused = new Map(writes.map((write) => [write, refusedBy(format, write)]))
    const sent = writes.filter((write) => refused.get(write) === undefined)
    const answers = sent.length === 0 ? [] : await send(sent)
    let next = 0
    return writes.map((write) => refused.get(write) ?? answerOr(answers[next++], NO_ANSWER))
  }

  /** What is declared for the operation, over what is declared for writing. */
  private wayOf(operation: Operation): DataRecord {
    const declared = section(this.settings, NAMES[operation])
    if (declared === undefined && operation === 'delete') {
      const { stream } = this.request
      throw new Fault('OPERATION_NOT_DECLARED', `the stream ${stream} has no write.delete`, {
        stream,
        operation,
      })
    }
    return { ...this.settings, ...declared }
  }

  private async together(
    way: Way,
    writes: readonly Write[],
    key: string,
    signal: AbortSignal,
  ): Promise<Answer[]> {
    const { settings, format } = way
    const path = text(settings, 'path') ?? ''
    const altered = new CountingLedger()
    const body = await format.list(writes, altered)
    const { response, fault } = await this.send(way, path, body, key, signal)
    if (fault !== undefined) throw fault
    const answers = await batchAnswers(response, writes, { settings, mode: this.request.mode })
    const settled = writes.filter((_, index) => isSettled(answers[index]))
    const counts = altered.counted()
    if (settled.length === writes.length) this.request.ledger.add(counts)
    // what comes again is counted then
    else if (Object.keys(counts).length > 0) await format.list(settled, this.request.ledger)
    return answers
  }

  /** At most `concurrency` at once. After a fault that concerns all, nothing more is sent. */
  private async oneByOne(way: Way, writes: readonly Write[], signal: AbortSignal): Promise<Answer[]> {
    const answers: (Answer | Fault)[] = []
    const altered = writes.map(() => new CountingLedger())
    let next = 0
    let stopped = false
    const worker = async () => {
      for (let index = next++; index < writes.length && !stopped; index = next++) {
        const [write, ledger] = [writes[index], altered[index]]
        if (write === undefined || ledger === undefined) return
        const answer = await this.single(way, write, ledger, signal)
        answers[index] = answer
        stopped ||= answer instanceof Fault
      }
    }
    await Promise.all(Array.from({ length: this.concurrency }, worker))

    const faults = answers.filter((answer) => answer instanceof Fault)
    const [fault] = [
      ...faults.filter(({ then }) => then === 'stop'),
      ...faults.filter(({ then }) => then === 'verify'),
      ...faults,
    ]
    if (fault && (fault.then !== 'wait' || faults.length === answers.length)) throw fault
    for (const [index, ledger] of altered.entries())
      if (isSettled(answers[index])) this.request.ledger.add(ledger.counted())
    const { retryAfterMs } = fault ?? {}
    const later: Answer = {
      outcome: 'retry',
      ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }),
    }
    return writes.map((_, index) => answerOr(answers[index], later))
  }

  private async single(way: Way, write: Write, ledger: Ledger, signal: AbortSignal): Promise<Answer | Fault> {
    const { settings, format } = way
    const path = fillPath(text(settings, 'path') ?? '', { ...write.record, ...write.key })
    if (path === undefined) {
      return {
        outcome: 'rejected',
        code: 'RECORD_REFUSED',
        message: `a field of the path ${text(settings, 'path') ?? ''} is empty`,
      }
    }
    const bare = write.operation === 'delete' && text(settings, 'method') === 'DELETE'
    const body = bare ? undefined : await format.one(write, ledger)
    let reply: Reply
    try {
      reply = await this.send(way, path, body, write.idempotencyKey, signal)
    } catch (error) {
      if (error instanceof Fault) return error
      throw error
    }
    const { response, fault } = reply
    // 404 may be the record's or the path's; the record's is the usual one, and a wrong path shows at once in doctor.
    const ofRecord = fault === undefined || fault.then === 'bisect' || [404, 410].includes(response.status)
    if (!ofRecord) return fault
    const content = await maybeContent(response, settings)
    const understanding = { settings, mode: this.request.mode }
    const answer = fault === undefined ? singleAnswer(response, content, write, understanding) : undefined
    if (answer !== undefined) return answer
    const message = said(content, content.find(''), section(settings, 'results') ?? {})
    const words = message === '' && fault !== undefined ? excerpt(response) : message
    return statusAnswer(response.status, write, this.request.mode, words)
  }

  private async send(
    { settings, format }: Way,
    path: string,
    body: string | Uint8Array | undefined,
    key: string,
    signal: AbortSignal,
  ): Promise<Reply> {
    const idempotency = section(this.settings, 'idempotency')
    const header = idempotency === undefined ? undefined : text(idempotency, 'header')
    const reply = await this.api.call({
      method: text(settings, 'method') ?? 'POST',
      path,
      declared: text(settings, 'path') ?? '',
      query: table(settings, 'query'),
      headers: {
        ...(format.accept === undefined ? {} : { accept: format.accept }),
        ...(body === undefined ? {} : { 'content-type': format.contentType }),
        ...headers(settings),
        ...(header === undefined ? {} : { [header]: key }),
      },
      ...(body === undefined ? {} : { body }),
      repeatable: this.repeatable,
      use: 'write',
      signal,
    })
    return this.repeatable ? reply : { ...reply, fault: inDoubt(reply) }
  }
}

/** How an operation is written: what is declared for it, and the form of its bodies. */
interface Way {
  settings: DataRecord
  format: BodyFormat
}

const NO_ANSWER: Answer = { outcome: 'unknown', message: 'no answer' }

function refusedBy(format: BodyFormat, { record }: Write): Answer | undefined {
  const refused = format.refuse?.(record)
  if (refused === undefined) return undefined
  const { code, message, pointer } = refused
  return { outcome: 'rejected', code, message, ...(pointer === undefined ? {} : { pointer }) }
}

/** A service or gateway that failed may have done its work before; only what is repeatable is simply sent again. */
function inDoubt({ response: { status }, place, fault }: Reply): Fault | undefined {
  if (![500, 502, 504].includes(status)) return fault
  const what = `${nameOf(place)} answered ${status}; whether it wrote anything is not known`
  return new Fault('RESPONSE_LOST', what, { ...place, status })
}

/** Whatever became of it, it does not come again. */
function isSettled(answer: Answer | Fault | undefined): boolean {
  return answer !== undefined && !(answer instanceof Fault) && answer.outcome !== 'retry'
}

function answerOr(answer: Answer | Fault | undefined, otherwise: Answer): Answer {
  return answer === undefined || answer instanceof Fault ? otherwise : answer
}

function waiting(writes: readonly Write[], fault: Fault): Answer[] {
  return writes.map(() => ({
    outcome: 'retry',
    ...(fault.retryAfterMs === undefined ? {} : { afterMs: fault.retryAfterMs }),
  }))
}
