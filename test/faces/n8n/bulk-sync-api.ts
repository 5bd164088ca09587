import { mapping, output, workflow, type Execution, type Node } from '../../../bench/lib/n8n/run-data'
import type { FaultyApi, FaultyApiOptions } from '../../support/faulty-api'
import { START } from './nodes'
import { apisOfTests, fromTo } from './apis'
import type { N8n } from './server'

const RECORDS = Array.from({ length: 250 }, (_, i) => ({
  sku: `K${String(i).padStart(4, '0')}`,
  quantity: i,
}))

const MIRROR = { mode: 'mirror', known: 'target', targetReadUrl: 'https://shop.example.com' }

export function apiSuite(n8n: N8n): void {
  const api = apisOfTests()

  const sync = (
    id: string,
    { from, to }: { from: FaultyApi; to: FaultyApi },
    parameters: object = {},
    settings: Partial<Node> = {},
  ): Promise<Execution> =>
    n8n().run(
      workflow(
        id,
        [
          START,
          {
            name: 'Sync',
            type: 'n8n-nodes-tieout.tieoutBulkSync',
            parameters: {
              ...fromTo(from, to),
              targetBatchSize: 5,
              targetOptions: { idempotencyHeader: 'Idempotency-Key', resultsAt: 'results' },
              targetResults: 'auto',
              ...parameters,
            },
            ...settings,
          },
        ],
        ['Start > Sync'],
      ),
    )
  const receiptOf = (execution: Execution): Record<string, unknown> =>
    output(execution, 'Sync', 2)[0]?.json ?? {}

  test('every record arrives once, and none of them becomes an item', async () => {
    const [from, to] = [await api({ records: RECORDS }), await api({})]
    const execution = await sync('stream', { from, to })
    expect(execution.status).toBe('success')
    expect([0, 1, 2].map((index) => output(execution, 'Sync', index).length)).toEqual([0, 0, 1])
    expect(receiptOf(execution)).toMatchObject({
      status: 'succeeded',
      balanced: true,
      read: 250,
      created: 250,
    })
    // several batches are under way at once
    expect(new Set(to.records)).toEqual(new Set(RECORDS))
    expect(new Set(to.writes.values())).toEqual(new Set([1]))
  })

  test('503 on batch 37 of 50 is waited for: no loss, no double', async () => {
    let posts = 0
    const from = await api({ records: RECORDS })
    const to = await api({
      fault: ({ method }) =>
        method === 'POST' && ++posts === 37 ? { do: 'answer', status: 503 } : undefined,
    })
    const execution = await sync('outage', { from, to })
    expect(receiptOf(execution)).toMatchObject({ status: 'succeeded', created: 250 })
    expect(new Set(to.writes.values())).toEqual(new Set([1]))
  })

  test('429 is obeyed by its Retry-After', async () => {
    let calls = 0
    const from = await api({ records: RECORDS })
    const to = await api({
      fault: () =>
        ++calls === 3 ? { do: 'answer', status: 429, headers: { 'retry-after': '1' } } : undefined,
    })
    const execution = await sync('slow-down', { from, to })
    expect(receiptOf(execution)).toMatchObject({ status: 'succeeded', created: 250 })
    expect(execution.data.resultData.runData['Sync']?.[0]?.executionTime).toBeGreaterThan(1000)
    expect(new Set(to.writes.values())).toEqual(new Set([1]))
  })

  test('a page that is a web page ends the run with advice; what came before is told', async () => {
    const from = await api({
      records: RECORDS,
      fault: ({ url }) => (url.searchParams.get('page') === '5' ? { do: 'html' } : undefined),
    })
    const to = await api({})
    const execution = await sync('html', { from, to })
    expect(execution.status).toBe('success')
    expect(receiptOf(execution)).toMatchObject({ status: 'failed', balanced: true, created: 200 })
    expect(JSON.stringify(receiptOf(execution)['fault'])).toContain('steps')
    expect(to.records).toHaveLength(200)
    expect(execution.data.resultData.runData['Sync']?.[0]?.hints).toHaveLength(1)
  })

  test('records that the target refuses are exceptions with its message', async () => {
    const from = await api({ records: RECORDS })
    const to = await api({ poison: ({ sku }) => (sku === 'K0007' ? 'quantity is not allowed' : undefined) })
    const execution = await sync('poison', { from, to })
    expect(receiptOf(execution)).toMatchObject({ status: 'exceptions', created: 249, rejected: 1 })
    expect(output(execution, 'Sync', 1)[0]?.json).toMatchObject({
      outcome: 'rejected',
      key: { sku: 'K0007' },
      record: { sku: 'K0007' },
      reason: 'the service refused the record (422): POISON: quantity is not allowed',
    })
    const [hint] = execution.data.resultData.runData['Sync']?.[0]?.hints ?? []
    expect(hint?.message).toBe('1 record was not moved. The output Exceptions says why, and what to do.')
  })

  test('compared with the target, only what differs is sent', async () => {
    const held = RECORDS.slice(0, 240).map((record) =>
      record.sku === 'K0003' ? { ...record, quantity: -1 } : record,
    )
    const [from, to] = [await api({ records: RECORDS }), await api({ records: held })]
    const execution = await sync(
      'compare',
      { from, to },
      {
        known: 'target',
        targetReadUrl: `${to.url}/items`,
        targetRecords: 'items',
        targetPaging: 'page',
        targetPagingOptions: { parameter: 'page', sizeParameter: 'limit', size: 50 },
        targetReadOptions: { total: '/total' },
      },
    )
    expect(receiptOf(execution)).toMatchObject({
      status: 'succeeded',
      created: 10,
      updated: 1,
      unchanged: 239,
    })
    expect(new Set(to.records)).toEqual(new Set(RECORDS))
  })

  test('a preview writes nothing', async () => {
    const [from, to] = [await api({ records: RECORDS }), await api({})]
    const execution = await sync('preview', { from, to }, { preview: true })
    expect(receiptOf(execution)).toMatchObject({ status: 'preview', read: 250, outcomes: { created: 250 } })
    expect(to.records).toEqual([])
  })

  test('a guard that holds the run is told beside the node', async () => {
    const [from, to] = [await api({ records: RECORDS }), await api({})]
    const execution = await sync('held', { from, to }, { mapping: mapping(['id']) })
    expect(receiptOf(execution)).toMatchObject({ status: 'held' })
    const [hint] = execution.data.resultData.runData['Sync']?.[0]?.hints ?? []
    expect(hint?.message).toContain('the limit is 20 %')
  })

  test.each<[string, object, string]>([
    ['a time with a space in it', { options: { waitFor: '15 min' } }, 'Wait for an Outage'],
    ['a rate in words', { sourceReadOptions: { rate: '100 per minute' } }, 'Rate'],
    [
      'a header without its colon',
      { sourceReadOptions: { headers: 'Accept: */*\nX-Key secret' } },
      'Line 2 of Headers',
    ],
    [
      'a name of a header with a space',
      { targetOptions: { idempotencyHeader: 'Idempotency Key' } },
      'Idempotency Header',
    ],
    [
      'a mirror that does not know what the target has',
      { mode: 'mirror' },
      'what the target has is not known',
    ],
    ['a mirror that cannot delete', MIRROR, 'nothing says how'],
    [
      'deletes that lead elsewhere',
      { ...MIRROR, targetOptions: { deleteUrl: 'https://other.example.com/{sku}' } },
      'Delete URL leads to https://other.example.com',
    ],
  ])('%s is refused before anything is asked', async (title, parameters, says) => {
    const [from, to] = [await api({ records: RECORDS }), await api({})]
    const { error } = (await sync(title, { from, to }, parameters)).data.resultData
    expect(error?.message).toContain(says)
    expect(error?.message).not.toContain('secret')
    expect(error?.description).toBeTruthy()
    expect([from.requests, to.requests]).toEqual([[], []])
  })

  test('a service that is down is named, though n8n has words of its own', async () => {
    const [from, to] = [await api({ records: RECORDS }), await api({})]
    await to.close()
    const once = { targetBatchSize: 250, options: { waitFor: '1s' } }
    const { error } = (await sync('down', { from, to }, once)).data.resultData
    expect(error?.message).toBe(`POST ${new URL(to.url).host}: no connection`)
    expect(error?.description).toContain('CONNECTION_REFUSED')
  })

  describe('the error handling of n8n', () => {
    const refused: Pick<FaultyApiOptions, 'auth'> = { auth: () => 403 }

    test('a node that has done nothing stops with what to do', async () => {
      const [from, to] = [await api({ records: RECORDS, ...refused }), await api({})]
      const execution = await sync('stop', { from, to })
      expect(execution.status).toBe('error')
      expect(execution.data.resultData.error?.message).toContain('403')
      expect(execution.data.resultData.error?.description).not.toBe('')
    })

    test.each(['continueRegularOutput', 'continueErrorOutput'])(
      '%s: the failed run is the receipt',
      async (onError) => {
        const [from, to] = [await api({ records: RECORDS, ...refused }), await api({})]
        const execution = await sync(onError, { from, to }, {}, { onError })
        expect(execution.status).toBe('success')
        expect(receiptOf(execution)).toMatchObject({ status: 'failed' })
        expect(output(execution, 'Sync')).toEqual([])
      },
    )

    test('Retry On Fail after half of the records were written: nothing is written again', async () => {
      const from = await api({
        records: RECORDS,
        fault: ({ url }) => (url.searchParams.get('page') === '3' ? { do: 'html' } : undefined),
      })
      const to = await api({})
      const execution = await sync(
        'retry',
        { from, to },
        {},
        { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 },
      )
      expect(receiptOf(execution)).toMatchObject({ status: 'failed', created: 100 })
      expect(to.requests.filter(({ method }) => method === 'POST')).toHaveLength(20)
      expect(new Set(to.writes.values())).toEqual(new Set([1]))
    })
  })
}
