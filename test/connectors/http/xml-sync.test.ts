import { join } from 'node:path'
import { parseStringPromise } from 'xml2js'
import { registry } from '../../../connectors'
import { isList, isObject, isValue, textOf, type Value } from '../../../shared/core/record/value'
import { folderWith } from '../../support/folder'
import { openWorkspace } from '../../support/workspace'
import { startPlainServer } from './plain-server'

const DEFINITION = `tieout: 1
connections:
  erp:
    connector: http
    baseUrl: \${ERP}
    proxy: none
    streams:
      items:
        path: /items
        read: { format: xml, records: /catalog/item, total: /catalog/@total, paging: { type: page } }
  wms:
    connector: http
    baseUrl: \${WMS}
    proxy: none
    streams:
      stock:
        path: /stock
        read: { format: xml, records: /stock/item }
        write: { format: xml, wrap: /stock/item, results: { at: /results/item, match: id, id: sku, status: status, ok: OK, message: error } }
workflows:
  stock:
    key: sku
    schema:
      type: object
      properties: { sku: { type: string }, quantity: { type: integer, minimum: 0 }, price: { type: number } }
    source: { connection: erp, stream: items }
    target: { connection: wms, stream: stock }
    map: { sku: '@sku', quantity: qty }
    sync: { batch: 100, guards: { rejects: off } }
`

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

test('a workflow from one XML service to another: only what changed travels, refusals become exceptions', async () => {
  const items = Array.from(
    { length: 250 },
    (_, i) => `<item sku="P${i}"><qty>${i - 1}</qty><price>1.10</price></item>`,
  )
  const erp = await startPlainServer(({ url }) => {
    const from = (Number(url.searchParams.get('page')) - 1) * 100
    return { body: `<catalog total="250">${items.slice(from, from + 100).join('')}</catalog>` }
  })
  const taken = new Map<string, string>()
  const held = new Map<string, string>()
  let batches: Promise<void>[] = []
  const wms = await startPlainServer(({ method, body }) => {
    if (method === 'GET') return { body: `<stock>${[...held.values()].join('')}</stock>` }
    const skus = [...body.toString().matchAll(/<sku>(.*?)<\/sku>/g)].map(([, sku = '']) => sku)
    batches.push(
      recordsIn(body.toString()).then((records) => {
        for (const record of records) taken.set(textOf(record['sku']), textOf(record['quantity']))
      }),
    )
    for (const [item, sku = ''] of body.toString().matchAll(/<item>.*?<sku>(.*?)<\/sku>.*?<\/item>/g))
      if (sku !== 'P7') held.set(sku, item)
    const results = skus.map((sku) =>
      sku === 'P7'
        ? `<item><sku>P7</sku><status>NO</status><error>unknown part</error></item>`
        : `<item><sku>${sku}</sku><status>OK</status></item>`,
    )
    return { body: `<results>${results.reverse().join('')}</results>` }
  })
  const { path, remove } = folderWith({ 'tieout.yaml': DEFINITION })
  const folder = {
    close: () => {
      remove()
      return Promise.resolve()
    },
  }
  process.env['ERP'] = erp.url
  process.env['WMS'] = wms.url
  const owner = { name: 'test', alive: () => undefined }
  const { workspace, store } = await openWorkspace({
    folder: path,
    registry,
    owner,
    state: join(path, 'state'),
  })
  opened.push(erp, wms, store, folder)
  const { signal } = new AbortController()

  const first = await workspace.sync('stock', { signal })
  await Promise.all(batches)
  expect(first.outcomes).toMatchObject({ created: { count: 248 }, rejected: { count: 2 } })
  expect(taken.get('P249')).toBe('248')
  const [negative, unknown] = (await workspace.inbox.list({}, { limit: 5 })).reverse()
  expect(negative?.last).toMatchObject({ code: 'VALIDATION_FAILED', pointer: '/quantity' })
  expect(unknown?.last).toMatchObject({ code: 'RECORD_REFUSED', message: 'unknown part' })

  batches = []
  items[3] = '<item sku="P3"><qty>33</qty><price>1.1</price></item>'
  items[4] = '<item sku="P4"><qty>3</qty><price>1.100</price></item>'
  const second = await workspace.sync('stock', { signal })
  await Promise.all(batches)
  expect(second.outcomes).toMatchObject({
    updated: { count: 1 },
    unchanged: { count: 247 },
    rejected: { count: 2 },
  })
  expect(taken.get('P3')).toBe('33')
  expect(batches).toHaveLength(1)

  // what was written is read back from where it went, in the form in which it went
  const { breaks, fault } = await workspace.reconcile('stock', { signal })
  expect(fault).toBeUndefined()
  expect(breaks).toMatchObject({ open: 2, byKind: { 'missing-in-target': 2 } })
})

async function recordsIn(document: string): Promise<{ readonly [field: string]: Value }[]> {
  const parsed: unknown = await parseStringPromise(document, { explicitArray: false })
  const stock = isValue(parsed) && isObject(parsed) ? parsed['stock'] : undefined
  const item = isObject(stock) ? (stock['item'] ?? []) : []
  return (isList(item) ? item : [item]).filter(isObject)
}
