import { mapping, output, workflow, type Execution } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import { Decimal } from '../../../shared/core/record/decimal'
import type { FaultyApi } from '../../support/faulty-api'
import { startGateway } from '../../support/gateway'
import { at, closePanel, inChromium, panelOf } from './editor-page'
import { items, START, tieout } from './nodes'
import { apisOfTests } from './apis'
import type { N8n } from './server'

const DIGITS = Decimal.ofDigits('9007199254740993')
const TYPE = 'n8n-nodes-tieout.tieoutBulkSync'

const DEFINITION = `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    schema:
      required: [quantity]
      properties: { sku: { type: string }, quantity: { type: [integer, 'null'] }, note: { type: string } }
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
`

/** n8n's own control for fields, as it offers them and as its value is run. */
export function mappingSuite(n8n: N8n): void {
  const api = apisOfTests()

  const listing = (prefix: 'source' | 'target', { url }: FaultyApi): object => ({
    [`${prefix}ReadUrl`]: `${url}/items`,
    [`${prefix}Records`]: 'items',
  })

  describe('fields that are offered', () => {
    const offered = async (parameters: object, credentials?: object): Promise<unknown[]> => {
      const answer = await n8n().api('POST', '/rest/dynamic-node-parameters/resource-mapper-fields', {
        path: 'parameters.mapping',
        methodName: 'mappingFields',
        nodeTypeAndVersion: { name: TYPE, version: 1 },
        currentNodeParameters: { source: 'items', ...parameters },
        ...(credentials ? { credentials } : {}),
      })
      const fields = member(answer, 'fields')
      if (!Array.isArray(fields)) throw new Error(`no fields: ${JSON.stringify(answer)}`)
      const list: unknown[] = fields
      return list.map((field) =>
        ['id', 'type', 'defaultMatch', 'required', 'defaultValue'].map((name) => member(field, name)),
      )
    }
    test('those of a target that is listed; a field that the source has, too, is filled from there', async () => {
      const from = await api({ records: [{ id: 7, sku: 'A1', qty: 5 }] })
      const to = await api({ records: [{ id: 'x1', sku: 'A1', tags: [], at: { shelf: 3 }, 'a.b': null }] })
      const parameters = {
        operation: 'sync',
        source: 'api',
        known: 'target',
        ...listing('source', from),
        ...listing('target', to),
      }
      expect(await offered(parameters)).toEqual([
        ['id', 'string', true, false, '={{ $json["id"] }}'],
        ['sku', 'string', false, false, '={{ $json["sku"] }}'],
        ['tags', 'array', false, false, undefined],
        ['at', 'object', false, false, undefined],
        ['a\\.b', undefined, false, false, undefined],
      ])
    })

    test('those of the source where the target is not read', async () => {
      const from = await api({
        records: [
          { sku: 'A1', qty: null },
          { sku: 'A2', qty: 1.5, ok: true },
        ],
      })
      expect(await offered({ operation: 'plan', source: 'api', ...listing('source', from) })).toEqual([
        ['sku', 'string', false, false, '={{ $json["sku"] }}'],
        ['qty', 'number', false, false, '={{ $json["qty"] }}'],
        ['ok', undefined, false, false, '={{ $json["ok"] }}'],
      ])
    })

    test('those that are named, because input items cannot be asked; the first is the key', async () => {
      expect(await offered({ operation: 'plan', targetFields: 'sku, address.city' })).toEqual([
        ['sku', undefined, true, false, undefined],
        ['address.city', undefined, false, false, undefined],
      ])
    })

    test('those of the workflow of a gateway, by its schema', async () => {
      const gateway = await startGateway({ files: { 'tieout.yaml': DEFINITION } })
      try {
        const data = { url: gateway.url, method: 'header', apiKey: gateway.key() }
        const credential = { name: 'Fields', type: 'tieoutGatewayApi', data }
        const made = await n8n().api('POST', '/rest/credentials', credential)
        const credentials = { tieoutGatewayApi: { id: member(made, 'id'), name: 'Fields' } }
        const chosen = { __rl: true, mode: 'id', value: 'stock' }
        expect(await offered({ operation: 'upload', workflow: chosen }, credentials)).toEqual([
          ['sku', 'string', false, true, undefined],
          ['quantity', 'number', false, true, undefined],
          ['note', 'string', false, false, undefined],
        ])
      } finally {
        await gateway.close()
      }
    })

    test('a service that is down is named at once', async () => {
      const from = await api({ fault: () => ({ do: 'answer', status: 503 }) })
      const asked = offered({ operation: 'plan', source: 'api', ...listing('source', from) })
      await expect(asked).rejects.toThrow(/503/)
    })
  })

  inChromium(n8n, ({ canvas, picture }) => {
    test('in the editor rows are there for what both sides have; one that nobody touched is not sent', async () => {
      const from = await api({ records: [{ sku: 'A1', quantity: 2, colour: 'red' }] })
      const to = await api({ records: [{ sku: 'A1', quantity: 1, sold: true, shelf: 'X' }] })
      const listed = { ...listing('source', from), ...listing('target', to) }
      const parameters = {
        operation: 'sync',
        source: 'api',
        known: 'target',
        targetUrl: `${to.url}/items/batch`,
      }
      const sync = tieout('BulkSync', 'Sync', { ...parameters, ...listed })
      const page = await canvas(workflow('mapper-editor', [START, sync], ['Start > Sync']))
      const panel = await panelOf(page, 'Sync')
      await panel.locator(at('mapping-mode-select')).click()
      await page.getByText('Map Each', { exact: false }).last().click()
      await panel.locator(at('matching-column-select')).click()
      await page.getByRole('option', { name: 'sku' }).click()
      await picture(page, 'mapper')
      await closePanel(page)
      await page.locator(at('execute-workflow-button')).first().click()
      await page.locator(at('canvas-node-status-success')).nth(1).waitFor({ timeout: 30_000 })
      expect(
        to.requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body) as unknown),
      ).toEqual([[{ sku: 'A1', quantity: 2 }]])
    }, 60_000)
  })

  describe('what was filled in', () => {
    const SOURCE = [{ code: 'A1', qty: 2, box: { size: [3, 4] } }, { code: 'A2', qty: null }, { code: 'A3' }]
    const plan = (id: string, rows: object, options: object = {}): Promise<Execution> =>
      n8n().run(
        workflow(
          id,
          [
            START,
            items('Source', SOURCE),
            {
              name: 'Sync',
              type: TYPE,
              parameters: {
                operation: 'plan',
                source: 'items',
                mapping: mapping(['sku'], { sku: '={{ $json.code }}', ...rows }),
                options,
              },
            },
          ],
          ['Start > Source', 'Source > Sync'],
        ),
      )
    const records = (execution: Execution): unknown[] =>
      output(execution, 'Sync').map(({ json }) => json['record'])

    test('fields, fixed values and what n8n computes; absent and null stay apart; empty rows make no field', async () => {
      const execution = await plan('mapper', {
        quantity: '={{ $json["qty"] }}',
        width: '={{ $json.box.size[0] }}',
        label: '={{ $json.code + "/" + $itemIndex }}',
        unit: 'piece',
        'address.city': 'Lyon',
        note: null,
        text: '',
      })
      const fixed = { unit: 'piece', address: { city: 'Lyon' } }
      expect(records(execution)).toEqual([
        { sku: 'A1', quantity: 2, width: 3, label: 'A1/0', ...fixed },
        { sku: 'A2', quantity: null, label: 'A2/1', ...fixed },
        { sku: 'A3', label: 'A3/2', ...fixed },
      ])
    })

    test('fields that no row uses are left out, or pass', async () => {
      const execution = await plan('mapper-others', { name: '={{ $json.qty }}' }, { passOthers: true })
      expect(records(execution)[0]).toEqual({ sku: 'A1', name: 2, box: { size: [3, 4] } })
    })

    test('an expression that fails for a record is an exception of that record', async () => {
      const fails = '={{ $json.code === "A2" ? $("Nowhere").item.json.label : 1 }}'
      const execution = await plan('mapper-fails', { label: fails }, { rejectGuard: 90 })
      expect(records(execution)).toHaveLength(2)
      expect(output(execution, 'Sync', 1).map(({ json, pairedItem }) => [json['code'], pairedItem])).toEqual([
        ['EXPRESSION_FAILED', { item: 1, input: 0 }],
      ])
    })

    test('without a key field the node says where to choose one', async () => {
      const execution = await n8n().run(
        workflow(
          'mapper-keyless',
          [START, { name: 'Sync', type: TYPE, parameters: { operation: 'plan', mapping: mapping([]) } }],
          ['Start > Sync'],
        ),
      )
      expect(execution.data.resultData.error?.message).toBe('Key Fields is empty')
      expect(execution.data.resultData.error?.description).toContain('Target Fields')
    })

    test('records of an API: fields and fixed values; what n8n cannot see of them is refused', async () => {
      const from = await api({
        key: ['code'],
        records: [
          { code: 'A1', qty: DIGITS },
          { code: 'A2', qty: 1 },
        ],
      })
      const to = await api({})
      const sync = (id: string, rows: object): Promise<Execution> =>
        n8n().run(
          workflow(
            id,
            [
              START,
              {
                name: 'Sync',
                type: TYPE,
                parameters: {
                  operation: 'sync',
                  source: 'api',
                  sourceReadUrl: `${from.url}/items`,
                  sourceRecords: 'items',
                  targetUrl: `${to.url}/items/batch`,
                  mapping: mapping(['sku'], { sku: '={{ $json.code }}', ...rows }),
                },
              },
            ],
            ['Start > Sync'],
          ),
        )
      await sync('mapper-api', { quantity: '={{ $json.qty }}', unit: '={{ "pie" + "ce" }}' })
      expect(to.records).toMatchObject([
        { sku: 'A1', quantity: DIGITS, unit: 'piece' },
        { sku: 'A2', quantity: 1, unit: 'piece' },
      ])
      const refused = await sync('mapper-beyond', { quantity: '={{ $json.qty * 2 }}' })
      expect(refused.data.resultData.error?.message).toContain('Mapping computes quantity of each record')
    })
  })
}
