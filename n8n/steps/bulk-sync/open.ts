import type { IExecuteFunctions } from 'n8n-workflow'
import type { SyncRequest } from '../../../shared/core/bulk-sync/request'
import type { SavedCursor } from '../../../shared/core/bulk-sync/cursor'
import type { Connection, Source, Target, Traffic } from '../../../shared/core/connector'
import { parseJson } from '../../../shared/core/format/json'
import type { Ports } from '../../../shared/core/ports'
import { CountingLedger } from '../../../shared/core/record/ledger'
import { isObject, type DataRecord, type Value } from '../../../shared/core/record/value'
import { text } from '../../../shared/core/settings'
import type { Workflow } from '../../../shared/core/workflow'
import { unusable } from '../../host/errors'
import { input } from '../../host/input'
import { signalOf } from '../../host/signal'
import { record } from '../../host/parameters'
import { passOf } from '../../host/pass'
import { RunStore } from '../../host/store/run-store'
import type { ApiSide } from '../api/declared'
import { openApi } from '../api/open'
import { sourceApi } from '../api/read'
import { targetApi } from '../api/write'
import { ItemMapper } from './item-mapper'
import { ItemsSource } from './items-source'
import { knownOf } from './known'
import { PlanTarget } from './plan-target'
import type { Settings } from './settings'
import { workflowOf } from './workflow'

/** A run that can begin, and what its outputs are made of. */
export interface Work {
  request: SyncRequest
  store: RunStore
  plan: PlanTarget | undefined
  /** The item that a mapped record was made of. */
  placeOf: (record: DataRecord) => number | undefined
  close: () => Promise<void>
}

/** @throws NodeOperationError for parameters that cannot be used; touches the network only to compare with the target */
export async function open(node: IExecuteFunctions, settings: Settings, ports: Ports): Promise<Work> {
  const cursor = cursorOf(node, settings)
  const traffic: Traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const concurrency = settings.sync.concurrency ?? 4
  const from = settings.source === 'api' ? sourceApi(node, 'source', concurrency) : undefined
  const to = settings.target === 'api' ? targetApi(node, settings.mode, concurrency) : undefined
  const workflow = workflowOf(node, settings, { source: from?.stream ?? {}, target: to?.stream ?? {} })
  const connections: Connection[] = []
  const connect = async (side: ApiSide): Promise<Connection> => {
    const connection = await openApi(side, node, ports, traffic)
    connections.push(connection)
    return connection
  }
  const [sourceLedger, targetLedger] = [new CountingLedger(), new CountingLedger()]
  const items = input(node, 0)
  const source: Source = from
    ? await (
        await connect(from)
      ).source({ stream: 'source', settings: from.stream, key: workflow.key, ledger: sourceLedger })
    : new ItemsSource(items)
  const plan = to ? undefined : new PlanTarget(input(node, 1), workflow.key, settings.mode)
  const target: Target =
    to && !plan
      ? await (
          await connect(to)
        ).target({
          stream: 'target',
          settings: to.stream,
          key: workflow.key,
          mode: settings.mode,
          workflow: workflow.name,
          ledger: targetLedger,
        })
      : (plan ?? new PlanTarget(items, workflow.key, 'upsert'))
  const mapper = new ItemMapper(node, settings.mapped, items, source.typed)
  const signal = signalOf(node)
  const known = settings.compare ? await holdings() : undefined
  const store = new RunStore({
    mostFailures: settings.mostExceptions,
    cursor,
    known,
  })
  return {
    request: {
      workflow,
      source,
      target,
      mapper,
      validate: undefined,
      ports,
      store,
      traffic,
      sourceLedger,
      targetLedger,
      owner: { name: 'n8n', alive: () => undefined },
      id: runId(node, settings, workflow, ports),
      ...(settings.approve === undefined ? {} : { approve: settings.approve }),
      signal,
    },
    store,
    plan,
    placeOf: (mapped) => mapper.placeOf(mapped),
    close: async () => {
      for (const connection of connections) await connection.close()
    },
  }

  async function holdings(): Promise<ReadonlyMap<string, number>> {
    const side = sourceApi(node, 'target', concurrency)
    const listing = {
      stream: 'target',
      settings: side.stream,
      key: workflow.key,
      ledger: new CountingLedger(),
    }
    const held = await (await connect(side)).source(listing)
    return knownOf(held, { source, mapper, workflow, signal })
  }
}

/**
 * The run of one execution, or of one run key: when n8n runs the node again, each batch carries the idempotency key of the
 * first time.
 */
function runId(node: IExecuteFunctions, { runKey }: Settings, { name }: Workflow, { signer }: Ports): string {
  const which = runKey === '' ? `execution ${passOf(node)}` : `key ${runKey}`
  return signer.digest('sha256', `${name} ${which}`, 'hex').slice(0, 32)
}

/** The state of an earlier receipt, as it left the node. */
function cursorOf(node: IExecuteFunctions, { cursor }: Settings): SavedCursor | undefined {
  if (!cursor) return undefined
  const saved = record(stateOf(node, cursor.state)['cursor'])
  const [field, value] = [text(saved, 'field'), text(saved, 'value')]
  return field === cursor.field && value !== undefined ? { field, value } : undefined
}

/** Nothing in the first run; afterwards an object, or its JSON. */
function stateOf(node: IExecuteFunctions, state: Value | undefined): DataRecord {
  if (state === undefined || state === null || state === '') return {}
  const value = typeof state === 'string' ? parsed(state) : state
  if (isObject(value)) return { ...value }
  throw unusable(
    node.getNode(),
    'State is none that a receipt gave',
    'Give the state of the last receipt, such as {{ $json.state }}, or leave it empty to read everything.',
  )
}

function parsed(text: string): Value | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
