import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'
import { MalformedRow, type Source } from '../../../shared/core/connector'
import { CountingLedger } from '../../../shared/core/record/ledger'
import { gatewayOf } from '../../host/gateway'
import { noHttp } from '../../host/http'
import { input } from '../../host/input'
import { signalOf } from '../../host/signal'
import { jsonObject, WHOLE } from '../../host/items'
import { textParameter } from '../../host/parameters'
import { portsOf } from '../../host/ports'
import { openApi } from '../api/open'
import { sourceApi } from '../api/read'
import { cancelOf, keyOf, runExceptions, runItem, runOn, workflowParameter } from '../gateway/run'
import { ItemsSource } from './items-source'

const MOST_EXCEPTIONS = 10_000
const CONCURRENCY = 4
const PAGE = 1000

/** A workflow that the gateway runs by itself. */
export async function runWorkflow(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const gateway = await gatewayOf(node)
  const workflow = workflowParameter(node)
  const preview = node.getNodeParameter('preview', 0, false)
  const run = await runOn(node, gateway, workflow, { kind: preview ? 'plan' : 'sync' })
  if (!preview) return [[], await runExceptions(gateway, run.id, MOST_EXCEPTIONS), [runItem(run)]]
  const plan = await gateway.call('getPlan', { run: run.id })
  return [[], [], [{ json: { status: 'preview', ...jsonObject(plan) }, pairedItem: WHOLE }]]
}

/** Uploads the records to a workflow of the gateway, as the source of one run. */
export async function uploadTo(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const gateway = await gatewayOf(node)
  const workflow = workflowParameter(node)
  const { source, close } = await sourceOf(node)
  try {
    const started = await gateway.upload(
      'uploadRecords',
      { workflow, Prefer: 'respond-async' },
      { mediaType: 'application/x-ndjson', body: () => lines(source, node) },
      { idempotencyKey: keyOf(node) },
    )
    const run = await gateway.followRun(started.id, cancelOf(node))
    return [[], await runExceptions(gateway, run.id, MOST_EXCEPTIONS), [runItem(run)]]
  } finally {
    await close()
  }
}

async function sourceOf(node: IExecuteFunctions): Promise<{ source: Source; close: () => Promise<void> }> {
  if (textParameter(node, 'source') === 'items')
    return { source: new ItemsSource(input(node, 0)), close: () => Promise.resolve() }
  const side = sourceApi(node, 'source', CONCURRENCY)
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const connection = await openApi(side, node, portsOf(node, noHttp), traffic)
  const ledger = new CountingLedger()
  const source = await connection.source({ stream: 'source', settings: side.stream, key: [], ledger })
  return { source, close: () => connection.close() }
}

/** JSON lines, a page at a time. */
async function* lines(source: Source, node: IExecuteFunctions): AsyncGenerator<Uint8Array> {
  const signal = signalOf(node)
  const encoder = new TextEncoder()
  for await (const { rows } of source.read({ pageSize: PAGE, signal })) {
    const texts = rows.map((row) => (row instanceof MalformedRow ? row.raw : JSON.stringify(row)))
    if (texts.length > 0) yield encoder.encode(`${texts.join('\n')}\n`)
  }
}
