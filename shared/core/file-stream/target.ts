import {
  MalformedRow,
  type Answer,
  type Batch,
  type Target,
  type TargetAbilities,
  type TargetRequest,
  type Write,
} from '../connector'
import { Fault } from '../fault'
import { BEGINNING, type Format } from '../format/format'
import { printJson } from '../format/json'
import { convertFields, fieldConversions, type Conversion } from '../mapping/by-schema'
import { keyRecord, keyText } from '../record/key'
import type { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import { parseAnswers, printAnswers } from './answers'
import { holds } from './compare'
import { ContentPrinter } from './content-print'
import { KeyTypes } from './key-types'
import { inputOf, Stage, type StagedFile, type StagePorts } from './stage'

/** How long a file is printed before others get a turn. */
const TURN_MS = 20

/**
 * Writes one file in any sync mode. The file itself changes once, in `finish`: until then readers see the old one, and
 * what was written waits in a stage beside it that survives a crash.
 */
export class FileTarget implements Target {
  readonly abilities: TargetAbilities = {
    compares: true,
    repeat: 'replayed',
    atomic: true,
    before: true,
    preferredBatch: 1000,
  }
  private readonly types: KeyTypes
  private readonly conversions: ReadonlyMap<string, Conversion> | undefined
  private readonly appends: boolean
  private opened: Promise<Stage> | undefined

  constructor(
    private readonly ports: StagePorts,
    private readonly format: Format,
    private readonly path: string,
    private readonly request: TargetRequest,
  ) {
    this.types = new KeyTypes(request.key, request.schema)
    this.conversions = format.textual ? fieldConversions(request.schema) : undefined
    this.appends = request.mode === 'append'
  }

  async write(batch: Batch, signal: AbortSignal): Promise<Answer[]> {
    const stage = await this.stage()
    signal.throwIfAborted()
    const earlier = stage.answers(batch.idempotencyKey)
    if (earlier !== undefined) return parseAnswers(earlier, (at) => this.refusal(batch.writes[at]))
    const news = this.format.textual && batch.writes.filter((write) => this.types.learn(write.key)).length > 0
    const plan = this.planned(stage, batch)
    stage.apply({
      key: batch.idempotencyKey,
      answers: printAnswers(plan.answers),
      puts: plan.puts,
      removes: plan.removes,
      ...(news ? { notes: this.types.learnt() } : {}),
    })
    return plan.answers
  }

  async plan(batch: Batch): Promise<Answer[]> {
    return this.planned(await this.stage(), batch).answers
  }

  /** Values get the types of the records that are written, where the file has only texts. */
  async lookup(keys: readonly DataRecord[]): Promise<(DataRecord | undefined)[]> {
    const stage = await this.stage()
    const found = stage.get(keys.map((key) => this.keyOf(key) ?? ''))
    const { conversions } = this
    return conversions ? found.map((record) => record && convertFields(record, conversions)) : found
  }

  async *keys(): AsyncIterable<readonly DataRecord[]> {
    const stage = await this.stage()
    for (const records of stage.records()) yield records.map((record) => this.knownKey(record))
  }

  async finish(signal: AbortSignal): Promise<void> {
    const [left] = await this.ports.files.list(Stage.path(this.path))
    if (!this.opened && !left) return
    const stage = await this.stage()
    if (stage.changed) await this.replaceFile(stage, signal)
    stage.drop()
    this.opened = undefined
  }

  /** After a run that did not finish: the next one may open the stage. */
  async close(): Promise<void> {
    const stage = await this.opened?.catch(() => undefined)
    this.opened = undefined
    stage?.close()
  }

  /** Safe to be killed anywhere: the rename in `commit` is the only moment at which the file changes. */
  private async replaceFile(stage: Stage, signal: AbortSignal): Promise<void> {
    const sink = await this.ports.files.write(this.path)
    try {
      const printer = new ContentPrinter()
      for await (const bytes of await this.content(stage)) {
        signal.throwIfAborted()
        printer.add(bytes)
        await sink.write(bytes)
      }
      stage.finishing(printer.print(this.ports.signer))
    } catch (error) {
      await sink.abort()
      throw error
    }
    await sink.commit()
  }

  private async content(stage: Stage): Promise<AsyncIterable<Uint8Array>> {
    const old = stage.old ? { old: inputOf(this.ports, this.path) } : {}
    const context = { name: this.path, ledger: this.request.ledger, ...old }
    const staged = (): AsyncIterable<DataRecord[]> => this.paced(stage.records())
    if (!this.appends || !stage.old) return this.format.write(staged, context)
    const added = await this.format.append?.(inputOf(this.ports, this.path), staged, context)
    return added ?? this.format.write(() => this.oldAnd(staged()), context)
  }

  /** A large file is printed in one go: others get their turn between its pages. */
  private async *paced<T>(pages: Iterable<T>): AsyncIterable<T> {
    const { clock } = this.ports
    let since = clock.elapsed()
    for (const page of pages) {
      if (clock.elapsed() - since > TURN_MS) {
        await clock.sleep(0)
        since = clock.elapsed()
      }
      yield page
    }
  }

  private async *oldAnd(added: AsyncIterable<DataRecord[]>): AsyncIterable<DataRecord[]> {
    for await (const { rows } of this.format.read(inputOf(this.ports, this.path), BEGINNING)) {
      yield rows.map((row) => {
        if (!(row instanceof MalformedRow)) return row
        throw new Fault('TARGET_FILE_NOT_REWRITABLE', row.rejection.message, { file: this.path })
      })
    }
    yield* added
  }

  private stage(): Promise<Stage> {
    return (this.opened ??= this.openStage().catch((error: unknown) => {
      // who waits for another run to let go of it tries again
      this.opened = undefined
      throw error
    }))
  }

  private async openStage(): Promise<Stage> {
    const { workflow, key } = this.request
    const file: StagedFile = {
      path: this.path,
      format: this.format,
      owner: printJson([workflow, this.appends ? 'append' : [...key]]),
      keyOf: this.appends ? undefined : (record) => this.keyOf(record),
    }
    const { ports, request } = this
    const stage = await (request.looks === true ? Stage.copy(ports, file) : Stage.open(ports, file))
    this.types.recall(stage.notes)
    return stage
  }

  private planned(stage: Stage, batch: Batch): Planned {
    return this.appends ? this.appended(batch) : this.merged(stage, batch)
  }

  private appended(batch: Batch): Planned {
    const plan = emptyPlan()
    batch.writes.forEach((write, at) => {
      const refused = this.format.refuse?.(write.record)
      if (refused) plan.answers.push(rejected(refused))
      else {
        plan.puts.set(`${batch.idempotencyKey}.${at}`, write.json)
        plan.answers.push({ outcome: 'created' })
      }
    })
    return plan
  }

  private merged(stage: Stage, batch: Batch): Planned {
    const plan = emptyPlan()
    const keys = batch.writes.map((write) => this.keyOf(write.key))
    const held = stage.get(keys.map((key) => key ?? ''))
    batch.writes.forEach((write, at) => {
      const key = keys[at]
      if (key === undefined) plan.answers.push(this.refusal(write))
      else plan.answers.push(this.mergedOne(plan, key, held[at], write))
    })
    return plan
  }

  private mergedOne(plan: Planned, key: string, held: DataRecord | undefined, write: Write): Answer {
    if (write.operation === 'delete') {
      if (!held) return { outcome: 'skipped', reason: 'absent' }
      plan.removes.add(key)
      return { outcome: 'deleted', before: held }
    }
    if (!held && write.operation === 'update') return { outcome: 'skipped', reason: 'absent' }
    if (this.format.refuse?.(write.record)) return this.refusal(write)
    if (!held) {
      plan.puts.set(key, write.json)
      return { outcome: 'created' }
    }
    if (holds(held, write.record, this.format.textual)) return { outcome: 'unchanged' }
    if (write.operation === 'insert') return { outcome: 'skipped', reason: 'exists' }
    plan.puts.set(key, printJson({ ...held, ...write.record }))
    return { outcome: 'updated', before: held }
  }

  private refusal(write: Write | undefined): Answer {
    const refused = write && this.format.refuse?.(write.record)
    if (refused) return rejected(refused)
    return {
      outcome: 'rejected',
      code: 'KEY_MISSING',
      message: `the key (${this.request.key.join(', ')}) has no value`,
    }
  }

  private keyOf(record: DataRecord): string | undefined {
    const { key } = this.request
    return keyText(this.format.textual ? this.types.asText(record) : record, key)
  }

  private knownKey(record: DataRecord): DataRecord {
    return this.format.textual ? this.types.asKnown(record) : keyRecord(record, this.request.key)
  }
}

interface Planned {
  answers: Answer[]
  puts: Map<string, string>
  removes: Set<string>
}

function emptyPlan(): Planned {
  return { answers: [], puts: new Map(), removes: new Set() }
}

function rejected({ code, message, pointer }: Rejection): Answer {
  return { outcome: 'rejected', code, message, ...(pointer === undefined ? {} : { pointer }) }
}
