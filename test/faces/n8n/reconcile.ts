import { output, workflow, type Execution, type Node } from '../../../bench/lib/n8n/run-data'
import { startFaultyApi } from '../../support/faulty-api'
import { code, items, START, tieout } from './nodes'
import type { N8n } from './server'

const SOURCE = [
  { sku: 'A1', location: 'Rotterdam', quantity: 10, price: 2.5 },
  { sku: 'A2', location: 'Rotterdam', quantity: 7, price: 1 },
  { sku: 'a3', location: 'Lyon', quantity: 4, price: 9.99 },
  { sku: 'A4', location: 'Lyon', quantity: 1, price: 3 },
]
const TARGET = [
  { sku: 'A1', location: 'Rotterdam', quantity: 10, price: 2.5 },
  { sku: 'A2', location: 'Rotterdam', quantity: 8, price: 1 },
  { sku: 'A3 ', location: 'Lyon', quantity: 4, price: 9.98 },
  { sku: 'A5', location: 'Lyon', quantity: 2, price: 3 },
]

export function reconcileSuite(n8n: N8n): void {
  const compare = (id: string, node: Partial<Node>): Promise<Execution> =>
    n8n().run(
      workflow(
        id,
        [
          START,
          items('Source', SOURCE),
          items('Target', TARGET),
          { name: 'Reconcile', type: 'n8n-nodes-tieout.tieoutReconcile', ...node },
        ],
        ['Start > Source', 'Start > Target', 'Source > Reconcile:0', 'Target > Reconcile:1'],
      ),
    )

  test('breaks, matched items, totals and the summary with reports, linked to the items they come from', async () => {
    const execution = await compare('reconcile', {
      parameters: {
        operation: 'items',
        keyFields: 'sku',
        measures: 'quantity',
        dimensions: { dimension: [{ field: 'location', by: 'value' }] },
        compareRules: { rule: [{ field: 'price', tolerance: 0.01, percent: 0, within: '', decimals: -1 }] },
        options: { keyIgnore: ['case', 'space'], matched: true, reports: ['html', 'xlsx', 'csv'] },
      },
    })
    expect(execution.status).toBe('success')
    const [breaks, matched, totals, summaries] = [0, 1, 2, 3].map((index) =>
      output(execution, 'Reconcile', index),
    )
    const [summary] = summaries ?? []
    expect(breaks?.map(({ json }) => [json['kind'], json['key']])).toEqual([
      ['differs', { sku: 'A2' }],
      ['missing-in-target', { sku: 'A4' }],
      ['missing-in-source', { sku: 'A5' }],
    ])
    expect(breaks?.map(({ pairedItem }) => pairedItem)).toEqual([
      [
        { item: 1, input: 0 },
        { item: 1, input: 1 },
      ],
      [{ item: 3, input: 0 }],
      [{ item: 3, input: 1 }],
    ])
    expect(breaks?.[0]?.json['fields']).toEqual([
      { field: 'quantity', source: 7, target: 8, difference: '-1' },
    ])
    expect(matched?.map(({ json }) => json['sku'])).toEqual(['A1', 'a3'])
    expect(totals?.map(({ json }) => [json['location'], json['measures']])).toEqual([
      ['Lyon', { quantity: { source: '5', target: '6', difference: '-1' } }],
      ['Rotterdam', { quantity: { source: '17', target: '18', difference: '-1' } }],
    ])
    expect(summary?.json).toMatchObject({
      status: 'breaks',
      compared: { pairs: 3, agreed: 1, tolerated: 1 },
      breaks: { open: 3 },
    })
    expect(Object.values(summary?.binary ?? {}).map(({ fileName }) => fileName)).toEqual([
      'reconciliation.html',
      'reconciliation.xlsx',
      'breaks.csv',
      'totals.csv',
    ])
  })

  test('Execute Once, with which any two inputs of one first item would tie out, stops it', async () => {
    const parameters = { operation: 'items', keyFields: 'sku' }
    const { error } = (await compare('reconcile-once', { parameters, executeOnce: true })).data.resultData
    expect(error?.message).toContain('Execute Once')
    expect(error?.description).toContain('Turn Execute Once off')
  })

  test('a wrong parameter lets no input out as breaks where the node goes on', async () => {
    const parameters = { operation: 'items', keyFields: '={{ $json.nope }}' }
    for (const onError of ['continueRegularOutput', 'continueErrorOutput']) {
      const execution = await compare(`reconcile-${onError}`, { parameters, onError })
      expect(output(execution, 'Reconcile')).toEqual([])
      expect(output(execution, 'Reconcile', 3)).toMatchObject([
        { json: { status: 'failed', fault: { detail: 'Key Fields is empty' } } },
      ])
    }
  })

  test('a key, a measure or a tolerance by a name that nothing has is told beside the node', async () => {
    const rules = { rule: [{ field: 'prise', tolerance: 1 }] }
    const parameters = { operation: 'items', keyFields: 'sku', measures: 'amount', compareRules: rules }
    const { data } = await compare('reconcile-names', { parameters })
    const hints = data.resultData.runData['Reconcile']?.[0]?.hints?.map(({ message }) => message)
    for (const name of ['amount', 'prise'])
      expect(hints?.join()).toContain(`No record has the field ${name}: what is said of it proves nothing.`)
  })

  test('a side without a record is told beside the node', async () => {
    const execution = await n8n().run(
      workflow(
        'reconcile-one-side',
        [
          START,
          items('Source', SOURCE),
          tieout('Reconcile', 'Reconcile', { operation: 'items', keyFields: 'sku' }),
        ],
        ['Start > Source', 'Source > Reconcile:0'],
      ),
    )
    const [hint] = execution.data.resultData.runData['Reconcile']?.[0]?.hints ?? []
    expect(hint?.message).toContain('Target has no records')
  })

  test('a number that is a text on the other side: what to do about it in n8n', async () => {
    const execution = await n8n().run(
      workflow(
        'reconcile-types',
        [
          START,
          items('Source', [{ id: 1, price: 5 }]),
          items('Target', [{ id: '1', price: '5' }]),
          tieout('Reconcile', 'Reconcile', { operation: 'items' }),
        ],
        ['Start > Source', 'Start > Target', 'Source > Reconcile:0', 'Target > Reconcile:1'],
      ),
    )
    const inN8n = expect.stringContaining('In n8n: map is a node before this one') as unknown
    expect(output(execution, 'Reconcile')).toMatchObject([
      { json: { cause: 'Number as text', advice: inN8n } },
    ])
    expect(output(execution, 'Reconcile', 3)).toMatchObject([{ json: { causes: [{ advice: inN8n }] } }])
  })

  test('matched items keep their files', async () => {
    const file = { data: Buffer.from('x').toString('base64'), mimeType: 'text/plain', fileName: 'x.txt' }
    const execution = await n8n().run(
      workflow(
        'reconcile-files',
        [
          START,
          code('Source', `return [{ json: { id: 1 }, binary: { file: ${JSON.stringify(file)} } }]`),
          items('Target', [{ id: 1 }]),
          tieout('Reconcile', 'Reconcile', { operation: 'items', options: { matched: true } }),
        ],
        ['Start > Source', 'Start > Target', 'Source > Reconcile:0', 'Target > Reconcile:1'],
      ),
    )
    expect(output(execution, 'Reconcile', 1)).toMatchObject([{ binary: { file: { fileName: 'x.txt' } } }])
  })

  test('two APIs are compared without items; a side that is not whole is told, not compared', async () => {
    let allowed = true
    const from = await startFaultyApi({ records: SOURCE })
    const to = await startFaultyApi({ records: TARGET, auth: () => allowed || 403 })
    const apis = (id: string, total: string, settings: Partial<Node> = {}): Promise<Execution> =>
      n8n().run(
        workflow(
          id,
          [
            START,
            {
              name: 'Reconcile',
              type: 'n8n-nodes-tieout.tieoutReconcile',
              parameters: {
                operation: 'apis',
                keyFields: 'sku',
                sourceReadUrl: `${from.url}/items`,
                sourceRecords: 'items',
                sourceReadOptions: { total },
                targetReadUrl: `${to.url}/items`,
                targetRecords: 'items',
                targetReadOptions: { total },
                options: { keyIgnore: ['case', 'space'] },
              },
              ...settings,
            },
          ],
          ['Start > Reconcile'],
        ),
      )
    try {
      const found = output(await apis('apis', '/total'), 'Reconcile')
      expect(found.map(({ json }) => [json['kind'], json['key']])).toEqual([
        ['differs', { sku: 'A2' }],
        ['missing-in-target', { sku: 'A4' }],
        ['missing-in-source', { sku: 'A5' }],
        ['differs', { sku: 'a3' }],
      ])
      allowed = false
      const stopped = await apis('apis-stopped', '/total')
      expect(stopped.status).toBe('error')
      expect(stopped.data.resultData.error?.description).toMatch(/\([A-Z_]+\)\. ./)
      const going = await apis('apis-going-on', '/total', { onError: 'continueRegularOutput' })
      expect([0, 1, 2].map((index) => output(going, 'Reconcile', index).length)).toEqual([0, 0, 0])
      expect(output(going, 'Reconcile', 3)[0]?.json).toMatchObject({ status: 'failed' })
    } finally {
      await from.close()
      await to.close()
    }
  })
}
