import { DatabaseError } from 'pg'
import type {
  Altered,
  Answer,
  Batch,
  Target,
  TargetAbilities,
  TargetRequest,
  Write,
} from '../../shared/core/connector'
import { ABSENT, CREATED, EXISTS, UNCHANGED } from '../../shared/core/database/answers'
import { column } from '../../shared/core/database/table'
import { Fault } from '../../shared/core/fault'
import { CountingLedger, UNCOUNTED, type Alteration, type Ledger } from '../../shared/core/record/ledger'
import type { DataRecord } from '../../shared/core/record/value'
import { CopyBuffer } from './copy'
import { addHeld, fillOthers, groupWrites, setAnswer, type Group } from './group'
import type { BatchLedger } from './ledger'
import { lookup } from './lookup'
import type { Session } from './session'
import { names } from './sql'
import * as sql from './statements'
import { texts, type Table } from './table'
import type { TextRow, Transaction } from './transaction'
import { jsonFields, recordReader, takesPlainNumbers, textPrinter, type TextPrinter } from './values'

/** Another session may have taken a key between the look and the insert; then the batch looks again. */
const TRIES = 3
const KEYS_PER_PAGE = 10_000

export const MAX_CONCURRENCY = 4

interface FieldPrinter {
  field: string
  numbers: boolean
  print: TextPrinter
  /** The same, noting nothing. */
  text: TextPrinter
}

/** Counts what printing alters, and knows which fields of the row at hand the table will hold otherwise. */
class RowNotes extends CountingLedger {
  readonly fields = new Set<string>()

  override note(field: string, alteration: Alteration): void {
    super.note(field, alteration)
    if (alteration !== 'ZONE_ASSUMED' && alteration !== 'NUMBER_TO_TEXT') this.fields.add(field)
  }
}

export class PostgresTarget implements Target {
  readonly address: string
  readonly json: readonly string[]
  readonly abilities: TargetAbilities
  private readonly printers = new Map<string, FieldPrinter>()
  /** By the printers, of the group that is being printed. */
  private readonly noted = new RowNotes()
  private readonly spare: CopyBuffer[] = []
  /** Whether rows may go straight into the table: it was empty, and no key has been met twice since. */
  private straight: boolean | undefined

  constructor(
    private readonly session: Session,
    private readonly table: Table,
    private readonly request: TargetRequest,
    private readonly ledger: BatchLedger | undefined,
  ) {
    this.json = jsonFields(table.columns)
    this.address = `${session.settings.place} ${table.sql}`
    const repeat = request.mode === 'append' ? 'doubles' : 'harmless'
    this.abilities = {
      compares: request.mode !== 'append',
      repeat: ledger ? 'replayed' : repeat,
      atomic: true,
      before: true,
      preferredBatch: 10_000,
      maxBatch: 50_000,
      maxConcurrency: MAX_CONCURRENCY,
    }
    if (request.mode === 'append') this.straight = true
  }

  async write(batch: Batch, signal: AbortSignal): Promise<Answer[]> {
    await this.ledger?.prepare()
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted()
      const straight = await this.mayGoStraight(batch.writes)
      try {
        return await this.writeOnce(batch, straight)
      } catch (error) {
        const taken = isTakenKey(error)
        if (straight && taken && this.request.mode !== 'append') this.straight = false
        else if (attempt === TRIES || !(taken || isConflict(error))) throw error
      }
    }
  }

  async plan(batch: Batch): Promise<Answer[]> {
    return this.session.transaction('READ WRITE', async (tx) => ({
      result: await this.merge(tx, batch.writes, false, UNCOUNTED),
    }))
  }

  async lookup(keys: readonly DataRecord[]): Promise<(DataRecord | undefined)[]> {
    return this.session.transaction('READ ONLY', async (tx) => ({
      result: await lookup(tx, this.table, this.request.key, keys, UNCOUNTED),
    }))
  }

  /** A table that was truncated, restored or rewritten has another file node. */
  async fingerprint(): Promise<{ identity: string; records: () => Promise<number> }> {
    const ask = (statement: string): Promise<string> =>
      this.session.transaction('READ ONLY', async (tx) => ({
        result: String((await tx.rows(statement))[0]?.[0]),
      }))
    return {
      identity: await ask(sql.identity(this.table)),
      records: async () => Number(await ask(sql.count(this.table))),
    }
  }

  keys(signal: AbortSignal): AsyncIterable<readonly DataRecord[]> {
    const { key, stream } = this.request
    const read = recordReader(key.map((field) => column(this.table, field, stream)))
    return this.session.stream(`SELECT ${names(key)} FROM ${this.table.sql}`, KEYS_PER_PAGE, signal, read)
  }

  /** What it alters is counted when it is written: a batch that is refused is sent again in parts. */
  private async writeOnce(batch: Batch, straight: boolean): Promise<Answer[]> {
    const altered = new CountingLedger()
    const answers = await this.session.transaction('READ WRITE', async (tx) => {
      const earlier = await this.ledger?.replay(tx, batch.idempotencyKey)
      if (earlier) return { result: earlier }
      const result = await this.merge(tx, batch.writes, straight, altered)
      return { result, closing: this.ledger?.entry(batch.idempotencyKey, result) ?? 'SELECT' }
    })
    this.request.ledger.add(altered.counted())
    return answers
  }

  private async merge(
    tx: Transaction,
    writes: readonly Write[],
    straight: boolean,
    altered: Ledger,
  ): Promise<Answer[]> {
    const answers: Answer[] = new Array<Answer>(writes.length).fill(UNCHANGED)
    if (!straight) await tx.run(sql.createStage(this.table))
    for (const [i, group] of groupWrites(writes, this.request.key).entries()) {
      if (i > 0 && !straight) await tx.run(sql.truncateStage(this.table))
      if (straight) await this.append(tx, group, answers)
      else if (group.operation === 'delete') await this.remove(tx, group, answers)
      else await this.change(tx, group, answers)
      addHeld(group, answers)
      altered.add(group.altered)
    }
    return answers
  }

  private async append(tx: Transaction, group: Group, answers: Answer[]): Promise<void> {
    const written = await this.copy(tx, sql.copyToTable(this.shape(group)), group, false)
    expectWritten(written, group.writes.length, this.request.stream)
    for (const place of group.places) answers[place] = CREATED
  }

  private async change(tx: Transaction, group: Group, answers: Answer[]): Promise<void> {
    const shape = this.shape(group)
    const count = group.writes.length
    await this.copy(tx, sql.copyToStage(shape), group, true)
    const [summary = [], ...differing] = await tx.rows(sql.compare(shape, count))
    const isNew = Number(summary[1])
    const ordinals = summary[2] ?? null

    await this.create(tx, shape, group, { count: isNew, ordinals }, answers)
    if (group.operation === 'insert') {
      fillOthers(group, isNew === count ? group.places.keys() : texts(ordinals).map(Number), EXISTS, answers)
      return
    }
    if (differing.length === 0) return
    const written = await tx.run(sql.update(shape), [`{${differing.map(([n]) => n).join(',')}}`])
    expectWritten(written, differing.length, this.request.stream)
    const read = this.reader(shape.fields)
    for (const [n, , , ...old] of differing)
      setAnswer(group, Number(n), { outcome: 'updated', before: read(old) }, answers)
  }

  private async create(
    tx: Transaction,
    shape: sql.Shape,
    group: Group,
    fresh: { count: number; ordinals: string | null },
    answers: Answer[],
  ): Promise<void> {
    if (fresh.count === 0) return
    const answer = group.operation === 'update' ? ABSENT : CREATED
    if (answer === CREATED) {
      const all = fresh.ordinals === null
      const written = await tx.run(sql.insert(shape, all), all ? [] : [fresh.ordinals])
      expectWritten(written, fresh.count, this.request.stream)
    }
    if (fresh.ordinals === null) for (const place of group.places) answers[place] = answer
    else for (const n of texts(fresh.ordinals)) setAnswer(group, Number(n), answer, answers)
  }

  private async remove(tx: Transaction, group: Group, answers: Answer[]): Promise<void> {
    const shape = this.shape(group)
    await this.copy(tx, sql.copyToStage(shape), group, true)
    const columns = this.table.columns.map((one) => one.name).filter((one) => !this.table.generated.has(one))
    const gone = await tx.rows(sql.remove(shape, columns))
    const read = this.reader(columns)
    for (const [n, ...old] of gone)
      setAnswer(group, Number(n), { outcome: 'deleted', before: read(old) }, answers)
  }

  private async copy(tx: Transaction, statement: string, group: Group, numbered: boolean): Promise<number> {
    const buffer = this.spare.pop() ?? new CopyBuffer(group.writes.length * 128)
    const printers = group.fields.map((field) => this.printer(field))
    group.writes.forEach(({ record }, n) => {
      if (numbered) buffer.value(String(n), '')
      addRow(buffer, record, printers)
      if (this.noted.fields.size > 0) group.held.set(n, this.heldOf(record))
    })
    group.altered = this.noted.take()
    const written = await tx.copy(statement, buffer.take())
    // after a fault the socket may still read from it
    this.spare.push(buffer)
    return written
  }

  /** Of the row that was printed last. */
  private heldOf(record: DataRecord): Altered {
    const held: Altered = {}
    for (const field of this.noted.fields) held[field] = this.printer(field).text(record[field] ?? null)
    this.noted.fields.clear()
    return held
  }

  /** A table that is empty takes rows without looking for them; found out once. */
  private async mayGoStraight(writes: readonly Write[]): Promise<boolean> {
    this.straight ??= await this.session.transaction('READ ONLY', async (tx) => ({
      result: (await tx.rows(`SELECT FROM ${this.table.sql} LIMIT 1`)).length === 0,
    }))
    return this.straight && writes.every(({ operation }) => operation === 'insert' || operation === 'upsert')
  }

  private shape({ fields }: Group): sql.Shape {
    return { table: this.table, key: this.request.key, fields }
  }

  private printer(field: string): FieldPrinter {
    let printer = this.printers.get(field)
    if (!printer) {
      const place = column(this.table, field, this.request.stream)
      printer = {
        field,
        numbers: takesPlainNumbers(place),
        print: textPrinter(place, this.noted),
        text: textPrinter(place, UNCOUNTED),
      }
      this.printers.set(field, printer)
    }
    return printer
  }

  private reader(fields: readonly string[]): (row: TextRow) => DataRecord {
    return recordReader(fields.map((field) => column(this.table, field, this.request.stream)))
  }
}

/** Called for every record: a list is walked by index, because an iterator here makes half a kilobyte of garbage. */
function addRow(buffer: CopyBuffer, record: DataRecord, printers: readonly FieldPrinter[]): void {
  for (let i = 0; i < printers.length; i++) {
    const printer = printers[i]
    if (!printer) continue
    const value = record[printer.field]
    if (value === null || value === undefined) buffer.null()
    else if (!printer.numbers || typeof value !== 'number' || !buffer.number(value))
      buffer.value(printer.print(value), printer.field)
  }
  buffer.endRow()
}

function expectWritten(written: number, expected: number, stream: string): void {
  if (written === expected) return
  throw new Fault(
    'DATABASE_WRITE_SUPPRESSED',
    `${stream} took ${expected} records and wrote ${written}: a trigger, rule or policy kept the others out.`,
    { table: stream, expected, written },
  )
}

function isTakenKey(error: unknown): boolean {
  return error instanceof Fault && error.cause instanceof DatabaseError && error.cause.code === '23505'
}

function isConflict(error: unknown): boolean {
  return error instanceof Fault && error.code === 'DATABASE_CONFLICT'
}
