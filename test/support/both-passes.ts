import { csv } from '../../connectors/csv'
import { clock } from '../../shared/adapters/clock'
import { NodeFiles } from '../../shared/adapters/files'
import { http } from '../../shared/adapters/http'
import { lineLog } from '../../shared/adapters/log'
import { signer } from '../../shared/adapters/signer'
import { NodeSpill } from '../../shared/adapters/spill'
import { createAjvValidator } from '../../shared/adapters/validator'
import { compileMapping } from '../../shared/core/mapping/compile'
import { bytePass } from '../../shared/core/reconciliation/byte-scan/byte-pass'
import { Comparison } from '../../shared/core/reconciliation/comparison'
import { reconcileDefaults } from '../../shared/core/reconciliation/defaults'
import type { KeyGroup, FirstPass } from '../../shared/core/reconciliation/first-pass'
import { RecordPass, type PassRequest } from '../../shared/core/reconciliation/record-pass'
import type { ReconcileSettings } from '../../shared/core/reconciliation/settings'
import type { SideInput } from '../../shared/core/reconciliation/side'
import { printJson } from '../../shared/core/format/json'
import { CountingLedger } from '../../shared/core/record/ledger'
import type { Files } from '../../shared/core/ports'
import type { DataRecord } from '../../shared/core/record/value'
import type { Workflow } from '../../shared/core/workflow'
import { folderWith } from './folder'
import { Bench } from './run-sync'

/** One field of every kind that a schema makes of a column. */
export const SCHEMA = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    place: { type: 'string' },
    quantity: { type: 'integer' },
    cost: { type: ['number', 'null'] },
    active: { type: 'boolean' },
    at: { type: 'string', format: 'date-time' },
  },
}

export interface PassCase {
  /** Contents of files by their names, which the streams `source*.csv` and `target*.csv` match. */
  files: Readonly<Record<string, string | Uint8Array>>
  key?: readonly string[]
  /** Settings of the csv connector, for both sides and for each. */
  csv?: DataRecord
  source?: DataRecord
  target?: DataRecord
  workflow?: Partial<Workflow>
  settings?: Partial<ReconcileSettings>
  /** Bytes that a read gives at once; as many as fit where it is not said. */
  readAtMost?: number
  /** Told after each block of bytes, and where the files are. */
  onRead?: (rows: number, folder: string) => void
}

/** What a first pass came to, in a form that does not depend on the order of anything. */
export interface Outcome {
  groups: unknown[]
  result: unknown
  sides: unknown
}

/** The same data over its bytes and record by record. `bytes` is undefined where the bytes cannot be walked over. */
export async function bothPasses(given: PassCase): Promise<{ bytes: Outcome | undefined; records: Outcome }> {
  const folder = folderWith(given.files)
  try {
    const bytes = await bytePass(await requestFor(folder.path, given))
    const found = bytes && (await outcomeOf(bytes, await requestFor(folder.path, given)))
    const request = await requestFor(folder.path, given)
    return { bytes: found, records: await outcomeOf(new RecordPass(request), request) }
  } finally {
    folder.remove()
  }
}

/** What a pass over bytes hands out, in its order. */
export async function handedOut(given: PassCase): Promise<KeyGroup[]> {
  const folder = folderWith(given.files)
  try {
    const groups: KeyGroup[] = []
    const pass = await bytePass(await requestFor(folder.path, given))
    for await (const page of pass?.unequal() ?? []) groups.push(...page)
    return groups
  } finally {
    folder.remove()
  }
}

async function requestFor(folder: string, given: PassCase): Promise<PassRequest> {
  const { key = ['id'], settings = {}, workflow: parts = {} } = given
  const files = new NodeFiles(folder, http)
  const ports = {
    clock,
    http,
    files: given.readAtMost === undefined ? files : slowly(files, given.readAtMost),
    validator: createAjvValidator(),
    spill: new NodeSpill(),
    signer,
    log: lineLog(() => undefined),
  }
  const workflow: Workflow = {
    ...new Bench([], {}, key).workflow,
    ...parts,
    key,
    reconcile: { ...reconcileDefaults(key), ...settings },
  }
  const connection = await csv.open({
    name: 'files',
    settings: { ...given.csv },
    ports,
    traffic: { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 },
  })
  const side = async (stream: string, own: DataRecord = {}, map = workflow.map): Promise<SideInput> => ({
    source: await connection.source({ stream, settings: own, key, ledger: new CountingLedger() }),
    mapper: compileMapping(map, { schema: workflow.schema, typed: false }),
    connection: 'files',
    stream,
    settings: own,
  })
  return {
    workflow,
    source: await side('source*.csv', given.source),
    target: await side('target*.csv', given.target, {}),
    comparison: new Comparison(workflow, true),
    ports,
    signal: new AbortController().signal,
    onRead: (rows) => given.onRead?.(rows, folder),
  }
}

/** Real files, of which a read gives few bytes. */
function slowly(files: NodeFiles, most: number): Files {
  return {
    list: (pattern) => files.list(pattern),
    read: (path, start) => files.read(path, start),
    write: (path) => files.write(path),
    text: (path) => files.text(path),
    bytes: (path) => files.bytes(path),
    remove: (path) => files.remove(path),
    locate: (path) => files.locate(path),
    reader: async (path) => {
      const reader = await files.reader(path)
      return (
        reader && {
          read: (into, at) => reader.read(into.subarray(0, most), at),
          close: () => reader.close(),
        }
      )
    },
  }
}

async function outcomeOf(pass: FirstPass, request: PassRequest): Promise<Outcome> {
  const comparison = new Comparison(request.workflow, true)
  const groups: KeyGroup[] = []
  for await (const page of pass.unequal()) groups.push(...page)
  const { agreed, totals, source, target } = pass.result()
  comparison.narrow(pass.source.fields, pass.target.fields)
  const equal = groups.filter(({ source: [one, ...more], target: [two, ...others] }) => {
    const single = more.length === 0 && others.length === 0
    return single && one !== undefined && two !== undefined && comparison.equal(one, two)
  })
  return {
    groups: groups
      .filter((group) => !equal.includes(group))
      .map(groupText)
      .sort(),
    result: {
      source,
      target,
      agreed: agreed + equal.length,
      totals: totals.map((total) => JSON.stringify(total)).sort(),
    },
    sides: [pass.source, pass.target].map(({ end, unreadable, fields, newest }) => [
      end,
      unreadable,
      [...fields].sort(),
      newest,
    ]),
  }
}

/** The key is that of one of the source's records where there are several: which one is not said. */
function groupText({ key, source, target }: KeyGroup): string {
  const several = source.length > 1 || (source.length === 0 && target.length > 1)
  const texts = (records: readonly DataRecord[]): string[] =>
    records.map((record) => printJson(record)).sort()
  return printJson([several ? '' : key, texts(source), texts(target)])
}
