import type { IExecuteFunctions } from 'n8n-workflow'
import type { Connection } from '../../../shared/core/connector'
import { exceptionSettings, reconcileSettings } from '../../../shared/core/definition/reconcile'
import { syncSettings } from '../../../shared/core/definition/sync'
import { MemoryBreakLog } from '../../../shared/core/reconciliation/memory-log'
import { reconcile } from '../../../shared/core/reconciliation/reconcile'
import type { KeptBreak } from '../../../shared/core/reconciliation/break'
import type { SideInput } from '../../../shared/core/reconciliation/side'
import { CountingLedger } from '../../../shared/core/record/ledger'
import type { Workflow } from '../../../shared/core/workflow'
import { noHttp } from '../../host/http'
import { InputRecords } from '../../host/items'
import { portsOf } from '../../host/ports'
import { signalOf } from '../../host/signal'
import { openApi } from '../api/open'
import { sourceApi } from '../api/read'
import type { Side } from '../api/declared'
import type { Found } from './found'
import { settingsOf } from './settings'

const CONCURRENCY = 4

/** Reads both listings page by page; records never become items, breaks do. */
export async function compareApis(node: IExecuteFunctions): Promise<Found> {
  const settings = settingsOf(node)
  const { key } = settings
  const ports = portsOf(node, noHttp)
  const connections: Connection[] = []
  const side = async (name: Side): Promise<SideInput> => {
    const api = sourceApi(node, name, CONCURRENCY)
    const connection = await openApi(api, node, ports, { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 })
    connections.push(connection)
    const { stream } = api
    const source = await connection.source({
      stream: name,
      settings: stream,
      key,
      ledger: new CountingLedger(),
    })
    return {
      source,
      mapper: { map: (record) => record },
      connection: api.baseUrl,
      stream: name,
      settings: stream,
    }
  }
  const breaks = new MemoryBreakLog()
  const use = (name: Side): Workflow['target'] => ({ connection: name, stream: name, settings: {} })
  try {
    const [source, target] = [await side('source'), await side('target')]
    const result = await reconcile({
      id: ports.signer.id(),
      workflow: {
        name: node.getNode().id,
        title: settings.title,
        personal: [],
        key,
        source: use('source'),
        target: use('target'),
        sync: syncSettings({}),
        reconcile: reconcileSettings(settings.reconcile, key, undefined),
        exceptions: exceptionSettings({}),
      },
      source,
      target,
      ports,
      breaks,
      signal: signalOf(node),
    })
    const found: KeptBreak[] = []
    for await (const page of breaks.read()) found.push(...page)
    const none = new InputRecords([])
    return { key, result, breaks: found, source: none, target: none }
  } finally {
    for (const connection of connections) await connection.close()
  }
}
