import { mapping, output, workflow, type Execution, type Workflow } from '../../../bench/lib/n8n/run-data'
import { items, START } from './nodes'
import type { N8n } from './server'

const SOURCE = [
  { code: 'A1', qty: 10 },
  { code: 'A2', qty: 7 },
  { code: null, qty: 1 },
  { code: 'A4', qty: 4 },
]
const TARGET = [
  { sku: 'A1', quantity: 10, shelf: 'X' },
  { sku: 'A2', quantity: 8, shelf: 'Y' },
  { sku: 'A5', quantity: 5, shelf: 'Z' },
]
const ROWS = { sku: '={{ $json.code }}', quantity: '={{ $json["qty"] }}' }

export function planSuite(n8n: N8n): void {
  const plan = (id: string, parameters: object): Workflow =>
    workflow(
      id,
      [
        START,
        items('Source', SOURCE),
        items('Target', TARGET),
        {
          name: 'Sync',
          type: 'n8n-nodes-tieout.tieoutBulkSync',
          parameters: {
            operation: 'plan',
            source: 'items',
            mapping: mapping(['sku'], ROWS),
            ...parameters,
          },
        },
      ],
      ['Start > Source', 'Start > Target', 'Source > Sync', 'Target > Sync:1'],
    )
  const sync = (id: string, parameters: object): Promise<Execution> => n8n().run(plan(id, parameters))

  test('what to create, update and delete, linked to its items; bad records are exceptions; the receipt balances', async () => {
    const execution = await sync('plan', { mode: 'mirror', options: { deleteGuard: 50, rejectGuard: 50 } })
    expect(execution.status).toBe('success')
    const [changes, exceptions, receipts] = [0, 1, 2].map((index) => output(execution, 'Sync', index))
    // a record without a key could be any, so nothing is deleted
    expect(changes?.map(({ json }) => [json['operation'], json['record'], json['batch']])).toEqual([
      ['update', { sku: 'A2', quantity: 7 }, 1],
      ['create', { sku: 'A4', quantity: 4 }, 1],
    ])
    expect(changes?.[0]).toMatchObject({
      json: { key: { sku: 'A2' }, before: { quantity: 8, shelf: 'Y' } },
      pairedItem: [
        { item: 1, input: 0 },
        { item: 1, input: 1 },
      ],
    })
    expect(exceptions).toHaveLength(1)
    expect(exceptions?.[0]).toMatchObject({
      json: { outcome: 'rejected', code: 'KEY_MISSING', owner: 'you', record: { code: null, qty: 1 } },
      pairedItem: { item: 2, input: 0 },
    })
    expect(exceptions?.[0]?.json['steps']).not.toHaveLength(0)
    expect(receipts?.[0]?.json).toMatchObject({
      status: 'held',
      balanced: true,
      read: 4,
      created: 1,
      updated: 1,
    })
  })

  test('deletes come when every key is known, one item for each batch of one operation', async () => {
    const execution = await sync('plan-batches', {
      mode: 'mirror',
      mapping: mapping(['quantity'], ROWS),
      options: { changes: 'batches', deleteGuard: 100 },
    })
    const batches = output(execution, 'Sync').map(({ json, pairedItem }) => [
      json['operation'],
      json['records'],
      pairedItem,
    ])
    expect(batches).toEqual([
      [
        'create',
        [
          { sku: 'A2', quantity: 7 },
          { sku: null, quantity: 1 },
          { sku: 'A4', quantity: 4 },
        ],
        [1, 2, 3].map((item) => ({ item, input: 0 })),
      ],
      ['delete', [{ quantity: 8 }, { quantity: 5 }], [1, 2].map((item) => ({ item, input: 1 }))],
    ])
  })

  test('a run key gives a repeated run the idempotency keys of the first; another execution has others', async () => {
    const keys = (execution: Execution): unknown[] =>
      output(execution, 'Sync').map(({ json }) => json['idempotencyKey'])
    const id = await n8n().publish(plan('keys', { options: { runKey: 'today' } }))
    const runs: unknown[][] = []
    for (let run = 0; run < 2; run++) {
      await n8n().fire(plan('keys', {}))
      runs.push(keys(await n8n().ended(id)))
    }
    const other = keys(await sync('other-keys', {}))
    expect(runs[0]).toHaveLength(2)
    expect(runs[1]).toEqual(runs[0])
    expect(other).toHaveLength(2)
    expect(other).not.toEqual(runs[0])
  })
}
