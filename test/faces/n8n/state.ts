import { output, workflow, type Execution } from '../../../bench/lib/n8n/run-data'
import { startFaultyApi, type FaultyApi } from '../../support/faulty-api'
import { code, START, tieout, type NodeLike } from './nodes'
import { fromTo } from './apis'
import type { N8n } from './server'

/** What a workflow keeps between its executions: here in n8n's static data, as in any other place. */
const LOAD = code('Load State', "return [{ json: { state: $getWorkflowStaticData('global').state ?? '' } }]")
const SAVE = code(
  'Save State',
  "$getWorkflowStaticData('global').state = $input.first().json.state\nreturn $input.all()",
)

/** A cursor that goes out with the receipt and comes in again. */
export function stateSuite(n8n: N8n): void {
  let from: FaultyApi
  let to: FaultyApi
  beforeEach(async () => {
    const records = ['A1', 'A2', 'A3'].map((sku, i) => ({ sku, updated_at: `2024-11-2${i}T00:00:00Z` }))
    from = await startFaultyApi({ key: ['sku'], records })
    to = await startFaultyApi({ key: ['sku'] })
  })
  afterEach(async () => {
    await from.close()
    await to.close()
  })

  const sync = (state: string): NodeLike =>
    tieout('BulkSync', 'Sync', {
      ...fromTo(from, to),
      sourceReadOptions: { total: '/total', sinceParameter: 'since' },
      options: { cursorField: 'updated_at', state },
    })
  const receipt = (execution: Execution): unknown => output(execution, 'Sync', 2)[0]?.json

  test('the second execution reads what changed since the first', async () => {
    const nightly = workflow(
      'state',
      [START, LOAD, sync('={{ $json.state }}'), SAVE],
      ['Start > Load State', 'Load State > Sync', 'Sync:2 > Save State'],
    )
    const id = await n8n().publish(nightly)
    await n8n().fire(nightly)
    expect(receipt(await n8n().ended(id))).toMatchObject({
      read: 3,
      state: { cursor: { field: 'updated_at', value: '2024-11-22T00:00:00Z' } },
    })

    const body = JSON.stringify({ sku: 'A4', updated_at: '2024-11-23T00:00:00Z' })
    const headers = { 'content-type': 'application/json' }
    await fetch(`${from.url}/items`, { method: 'POST', headers, body })
    await n8n().fire(nightly)
    // the newest of the first time comes again: another may have changed in the same instant
    expect(receipt(await n8n().ended(id))).toMatchObject({
      status: 'succeeded',
      read: 2,
      state: { cursor: { value: '2024-11-23T00:00:00Z' } },
    })
    expect(to.records.map(({ sku }) => sku)).toEqual(['A1', 'A2', 'A3', 'A4'])
    expect(from.requests.at(-1)?.url.searchParams.get('since')).toContain('2024-11-22')
  })

  test('a state that is none stops the node before anything is read', async () => {
    const { error } = (await n8n().run(workflow('no-state', [START, sync('yesterday')], ['Start > Sync'])))
      .data.resultData
    expect(error?.message).toContain('State')
    expect(error?.description).toContain('{{ $json.state }}')
    expect(from.requests).toEqual([])
  })
}
