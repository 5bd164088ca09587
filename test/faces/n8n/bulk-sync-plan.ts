import { mapping, output, workflow, type Execution, type Workflow } from '../../../bench/lib/n8n/run-data'
import { items, START, tieout } from './nodes'
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
  const plan = (id: string, parameters: object, settings: object = {}): Workflow =>
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
          ...settings,
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

  test('deletes that a guard holds are done once their hash is approved', async () => {
    const all = { mode: 'mirror', mapping: mapping(['quantity'], ROWS) }
    const held = await sync('plan-held', all)
    const [hint] = held.data.resultData.runData['Sync']?.[0]?.hints ?? []
    const approve = /put (\S+) under Options, Approve/.exec(hint?.message ?? '')?.[1]
    const done = await sync('plan-approved', { ...all, options: { approve } })
    const operations = (execution: Execution): unknown[] =>
      output(execution, 'Sync').map(({ json }) => json['operation'])
    expect(operations(held)).not.toContain('delete')
    expect(operations(done).slice(operations(held).length)).toEqual(['delete', 'delete'])
  })

  test('a wrong parameter lets no input out as changes where the node goes on', async () => {
    for (const onError of ['continueRegularOutput', 'continueErrorOutput']) {
      const execution = await n8n().run(plan(`plan-${onError}`, { mapping: mapping([]) }, { onError }))
      expect(output(execution, 'Sync')).toEqual([])
      expect(output(execution, 'Sync', 2)).toMatchObject([
        { json: { status: 'failed', fault: { detail: 'Key Fields is empty' } } },
      ])
    }
  })

  const between = (
    id: string,
    source: readonly object[],
    target: readonly object[],
    parameters: object,
    settings: object = {},
  ): Promise<Execution> =>
    n8n().run(
      workflow(
        id,
        [
          START,
          items('Source', source),
          items('Target', target),
          {
            ...tieout('BulkSync', 'Sync', { operation: 'plan', mapping: mapping(['id']), ...parameters }),
            ...settings,
          },
        ],
        ['Start > Source', 'Start > Target', 'Source > Sync', 'Target > Sync:1'],
      ),
    )

  test('7 is the record that a sheet calls "7": changed under the name that the target has for it', async () => {
    const execution = await between(
      'plan-types',
      [
        { id: 7, place: 'Lyon' },
        { id: 8, place: 'Rotterdam' },
      ],
      [
        { id: '7', place: 'Paris' },
        { id: '8', place: 'Rotterdam' },
      ],
      { mode: 'mirror' },
    )
    expect(output(execution, 'Sync')).toMatchObject([
      {
        json: { operation: 'update', key: { id: '7' }, record: { id: '7', place: 'Lyon' } },
        pairedItem: [
          { item: 0, input: 0 },
          { item: 0, input: 1 },
        ],
      },
    ])
    expect(output(execution, 'Sync', 2)[0]?.json).toMatchObject({ updated: 1, unchanged: 1 })
  })

  test('a key that Target has twice is told', async () => {
    const twice = [
      { id: 1, n: 1 },
      { id: 1, n: 2 },
    ]
    const execution = await between('plan-twice', [{ id: 1, n: 1 }], twice, {})
    expect(output(execution, 'Sync', 2)[0]?.json).toMatchObject({ unchanged: 1 })
    const [hint] = execution.data.resultData.runData['Sync']?.[0]?.hints ?? []
    expect(hint?.message).toContain('1 of the items of Target')
  })

  test('append adds every record, also those that are there', async () => {
    const execution = await between('plan-append', [{ id: 1 }, { id: 2 }], [{ id: 1 }], {
      mode: 'append',
      mapping: mapping([]),
    })
    expect(output(execution, 'Sync').map(({ json }) => json['operation'])).toEqual(['create', 'create'])
  })

  test('Execute Once, which hides all items but the first, stops it', async () => {
    const two = [{ id: 1 }, { id: 2 }]
    const { error } = (await between('plan-once', two, two, {}, { executeOnce: true })).data.resultData
    expect(error?.message).toContain('Execute Once')
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
