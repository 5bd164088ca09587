import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'
import { MalformedRow, type Source } from '../../../shared/core/connector'
import type { GatewayClient } from '../../../shared/core/client/client'
import { Fault } from '../../../shared/core/fault'
import type { Mapper } from '../../../shared/core/mapping/mapper'
import { CountingLedger } from '../../../shared/core/record/ledger'
import { Rejection } from '../../../shared/core/record/rejection'
import type { Run } from '../../../shared/generated/client-types'
import { needsAllItems } from '../../host/at-once'
import { gatewayOf } from '../../host/gateway'
import { noHttp } from '../../host/http'
import { input } from '../../host/input'
import { signalOf } from '../../host/signal'
import { jsonObject, WHOLE } from '../../host/items'
import { oneOf, parameter, textParameter } from '../../host/parameters'
import { portsOf } from '../../host/ports'
import { openApi } from '../api/open'
import { sourceApi } from '../api/read'
import { approvalOf } from '../gateway/approval'
import { approved, cancelOf, keyOf, runExceptions, runItems, runOn, workflowParameter } from '../gateway/run'
import { ItemMapper } from './item-mapper'
import { ItemsSource } from './items-source'
import { mappedBy } from './mapping'

const MOST_EXCEPTIONS = 10_000
const CONCURRENCY = 4
const PAGE = 1000

/** A workflow that the gateway runs by itself. */
export async function runWorkflow(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const gateway = await gatewayOf(node)
  const workflow = workflowParameter(node)
  const preview = node.getNodeParameter('preview', 0, false)
  const approve = approvalOf(node)
  const run = await runOn(node, gateway, workflow, {
    kind: preview ? 'plan' : 'sync',
    ...(approve === undefined ? {} : { approve }),
  })
  if (!preview) return outputsOf(node, gateway, run)
  const plan = await gateway.call('getPlan', { run: run.id })
  return [[], [], [{ json: { status: 'preview', ...jsonObject(plan) }, pairedItem: WHOLE }]]
}

/** Uploads the records to a workflow of the gateway, as the source of one run. */
export async function uploadTo(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const gateway = await gatewayOf(node)
  const workflow = workflowParameter(node)
  if (textParameter(node, 'source') !== 'api') needsAllItems(node)
  const { source, mapper, close } = await sourceOf(node)
  try {
    const started = await gateway.upload(
      'uploadRecords',
      { workflow, Prefer: 'respond-async' },
      { mediaType: 'application/x-ndjson', body: () => lines(source, mapper, node) },
      { idempotencyKey: keyOf(node) },
    )
    const run = await gateway.followRun(started.id, cancelOf(node))
    return await outputsOf(node, gateway, await approved(node, gateway, run))
  } finally {
    await close()
  }
}

async function outputsOf(
  node: IExecuteFunctions,
  gateway: GatewayClient,
  run: Run,
): Promise<INodeExecutionData[][]> {
  const exceptions = await runExceptions(gateway, run.id, MOST_EXCEPTIONS)
  return [[], exceptions, runItems(node, run)]
}

interface Upload {
  source: Source
  mapper: Mapper
  close: () => Promise<void>
}

async function sourceOf(node: IExecuteFunctions): Promise<Upload> {
  const from = oneOf(parameter(node, 'source', 'items'), ['items', 'api'])
  const mapped = mappedBy(node, from, false)
  const items = input(node, 0)
  const upload = (source: Source, close: Upload['close']): Upload => ({
    source,
    mapper: new ItemMapper(node, mapped, items, source.typed),
    close,
  })
  if (from === 'items') return upload(new ItemsSource(items), () => Promise.resolve())
  const side = sourceApi(node, 'source', CONCURRENCY)
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const connection = await openApi(side, node, portsOf(node, noHttp), traffic)
  const ledger = new CountingLedger()
  const source = await connection.source({ stream: 'source', settings: side.stream, key: [], ledger })
  return upload(source, () => connection.close())
}

/** JSON lines, a page at a time. @throws Fault for a record that cannot be mapped: the gateway would never hear of it */
async function* lines(source: Source, mapper: Mapper, node: IExecuteFunctions): AsyncGenerator<Uint8Array> {
  const ledger = new CountingLedger()
  const signal = signalOf(node)
  const encoder = new TextEncoder()
  for await (const page of source.read({ pageSize: PAGE, signal })) {
    const texts = page.rows.map((row, index) => {
      if (row instanceof MalformedRow) return row.raw
      const mapped = mapper.map(row, ledger)
      if (mapped instanceof Rejection)
        throw new Fault(
          mapped.code,
          `${page.place?.(index) ?? `row ${page.firstRow + index}`}: ${mapped.message}`,
        )
      return JSON.stringify(mapped)
    })
    if (texts.length > 0) yield encoder.encode(`${texts.join('\n')}\n`)
  }
}
