import { MalformedRow } from '../connector'
import { Fault } from '../fault'
import { BEGINNING, type FileInput, type Format } from '../format/format'
import { parseJson, printJson } from '../format/json'
import type { Ports, SpillTable } from '../ports'
import { isObject, type DataRecord, type Value } from '../record/value'
import { printOfContent, type ContentPrint } from './content-print'
import { parsePrint, printOfFile, samePrint, type FilePrint } from './print'

/**
 * What a target file will hold, in a durable table beside it until the run is finished. Every batch is one transaction
 * that holds its rows and the answers to it, so that a killed run goes on from here and a repeated batch is recognised.
 */
export class Stage {
  private constructor(
    private readonly table: SpillTable,
    private state: State,
  ) {}

  static path(file: string): string {
    return `${file}.tieout-stage`
  }

  /** @throws Fault FILE_CHANGED_MEANWHILE when the stage of an unfinished run does not fit the file */
  static async open(ports: StagePorts, file: StagedFile): Promise<Stage> {
    const table = ports.spill.table(Stage.path(file.path))
    try {
      const print = await currentPrint(ports, file.path)
      const state = parseState(table.get([STATE])[0])
      if (state && (await fits(ports, file, state, print))) return new Stage(table, state)
    } catch (error) {
      table.close()
      throw error
    }
    table.drop()
    return Stage.fill(ports, file)
  }

  /** What the file holds now, for who only looks: beside the stage that a run may be filling. */
  static copy(ports: StagePorts, file: StagedFile): Promise<Stage> {
    return Stage.fill(ports, file, ports.spill.table())
  }

  /** The old file's records, and last the state: a stage without one was not filled completely. */
  private static async fill(
    ports: StagePorts,
    file: StagedFile,
    table = ports.spill.table(Stage.path(file.path)),
  ): Promise<Stage> {
    try {
      const state: State = { owner: file.owner, old: await currentPrint(ports, file.path), changed: false }
      if (state.old && file.keyOf) await fillFrom(table, file.format, inputOf(ports, file.path), file.keyOf)
      table.write([[STATE, printState(state)]])
      return new Stage(table, state)
    } catch (error) {
      table.drop()
      throw error
    }
  }

  get old(): FilePrint | undefined {
    return this.state.old
  }

  get changed(): boolean {
    return this.state.changed
  }

  /** What the key types were when last noted. */
  get notes(): Value | undefined {
    return this.state.notes
  }

  /** Texts noted for a batch that was applied before. */
  answers(batch: string): string | undefined {
    return this.table.get([BATCH + batch])[0]
  }

  get(keys: readonly string[]): (DataRecord | undefined)[] {
    return this.table
      .get(keys.map((key) => ROW + key))
      .map((json) => (json === undefined ? undefined : recordOf(json)))
  }

  apply(batch: {
    key: string
    answers: string
    puts: Map<string, string>
    removes: Set<string>
    notes?: Value
  }): void {
    const puts: [string, string][] = [[BATCH + batch.key, batch.answers]]
    for (const [key, json] of batch.puts) puts.push([ROW + key, json])
    const changes = batch.puts.size + batch.removes.size > 0 && !this.state.changed
    const state = {
      ...this.state,
      changed: this.state.changed || changes,
      ...(batch.notes === undefined ? {} : { notes: batch.notes }),
    }
    if (changes || batch.notes !== undefined) puts.push([STATE, printState(state)])
    this.table.write(
      puts,
      [...batch.removes].map((key) => ROW + key),
    )
    this.state = state
  }

  /** Noted before the new file takes the old one's place: a later run can then tell whether it did. */
  finishing(content: ContentPrint): void {
    this.state = { ...this.state, finishing: content }
    this.table.write([[STATE, printState(this.state)]])
  }

  *records(size = 1000): Iterable<DataRecord[]> {
    let batch: DataRecord[] = []
    for (const [key, json] of this.table.scan()) {
      if (!key.startsWith(ROW)) continue
      batch.push(recordOf(json))
      if (batch.length < size) continue
      yield batch
      batch = []
    }
    if (batch.length > 0) yield batch
  }

  drop(): void {
    this.table.drop()
  }

  /** Lets go of it: one with changes stays for the run that goes on, one without is of no more use. */
  close(): void {
    if (this.state.changed) this.table.close()
    else this.table.drop()
  }
}

export type StagePorts = Pick<Ports, 'clock' | 'files' | 'signer' | 'spill'>

export interface StagedFile {
  path: string
  format: Format
  /** Workflow, key and kind of use; another owner's unfinished stage is not gone on with. */
  owner: string
  /** Undefined in append mode: the old records then stay in the file. */
  keyOf: ((record: DataRecord) => string | undefined) | undefined
}

interface State {
  owner: string
  /** The file that the stage was filled from; undefined where there was none. */
  old: FilePrint | undefined
  /** Whether any batch changed anything. */
  changed: boolean
  notes?: Value
  finishing?: ContentPrint
}

const STATE = 'state'
const ROW = 'r:'
const BATCH = 'b:'

export function inputOf({ files }: Pick<Ports, 'files'>, path: string): FileInput {
  return { name: path, open: (start) => files.read(path, start) }
}

async function currentPrint(ports: StagePorts, path: string): Promise<FilePrint | undefined> {
  const [info] = await ports.files.list(path)
  return info && printOfFile(ports, info)
}

/** Whether the stage can be gone on with; false when it is of no more use. */
async function fits(
  ports: StagePorts,
  file: StagedFile,
  state: State,
  now: FilePrint | undefined,
): Promise<boolean> {
  const same = now && state.old ? samePrint(now, state.old) : now === state.old
  if (same && state.owner === file.owner) return true
  if (!state.changed) return false
  const { finishing } = state
  if (now && finishing) {
    const content = await printOfContent(ports.signer, inputOf(ports, file.path).open())
    if (printJson({ ...content }) === printJson({ ...finishing })) return false
  }
  const why = same
    ? 'another workflow, or another key, began to write it and did not finish'
    : 'it was changed by somebody else'
  throw new Fault(
    'FILE_CHANGED_MEANWHILE',
    `${file.path}: an unfinished run keeps its writes in ${Stage.path(file.path)}, but ${why}`,
    { file: file.path, stage: Stage.path(file.path) },
  )
}

async function fillFrom(
  table: SpillTable,
  format: Format,
  input: FileInput,
  keyOf: (record: DataRecord) => string | undefined,
): Promise<void> {
  let row = 0
  for await (const { rows } of format.read(input, BEGINNING)) {
    const puts = new Map<string, string>()
    for (const record of rows) {
      row++
      if (record instanceof MalformedRow) throw notRewritable(input.name, record.rejection.message)
      const key = keyOf(record)
      if (key === undefined) throw notRewritable(input.name, `row ${row} has no key`)
      if (puts.has(ROW + key)) {
        const first = row - puts.size + [...puts.keys()].indexOf(ROW + key)
        throw notRewritable(input.name, `row ${row} has the same key as row ${first}`)
      }
      puts.set(ROW + key, printJson(record))
    }
    const again = table.get([...puts.keys()]).findIndex((held) => held !== undefined)
    if (again >= 0) {
      const which = row - puts.size + 1 + again
      throw notRewritable(input.name, `row ${which} has the key of an earlier row`)
    }
    table.write(puts)
  }
}

function notRewritable(file: string, why: string): Fault {
  return new Fault('TARGET_FILE_NOT_REWRITABLE', `${file} cannot be written anew without loss: ${why}`, {
    file,
  })
}

function recordOf(json: string): DataRecord {
  const value = parseJson(json)
  if (!isObject(value)) throw new TypeError('a staged row is an object')
  return value
}

function printState({ owner, old, changed, notes, finishing }: State): string {
  return printJson({
    owner,
    changed,
    old: old ? { ...old } : null,
    notes: notes ?? null,
    finishing: finishing ? { ...finishing } : null,
  })
}

function parseState(text: string | undefined): State | undefined {
  const value = text === undefined ? undefined : parseJson(text)
  if (!isObject(value)) return undefined
  const { owner, changed, notes, finishing } = value
  if (typeof owner !== 'string' || typeof changed !== 'boolean') return undefined
  const state: State = { owner, changed, old: parsePrint(value['old']) }
  if (isObject(notes)) state.notes = notes
  if (isObject(finishing)) {
    const { length, head, tail } = finishing
    if (typeof length === 'number' && typeof head === 'string' && typeof tail === 'string') {
      state.finishing = { length, head, tail }
    }
  }
  return state
}
