import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { output, type Execution } from '../../../bench/lib/n8n/run-data'
import { containing } from '../../support/answers'
import { startGateway, type TestGateway } from '../../support/gateway'
import { credentialsOf, inARow, START, tieout, type Credentials, type NodeLike } from './nodes'
import type { N8n } from './server'

/** What comes from Lyon is refused. */
const FILES = {
  'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    schema:
      properties: { sku: { type: string }, quantity: { type: integer, minimum: 0 } }
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
    sync: { guards: { rejects: off } }
`,
  'stock.csv': [
    'sku,location,quantity',
    'A1,Rotterdam,5',
    'B2,Rotterdam,7',
    'C3,Lyon,-1',
    'D4,Lyon,-2',
    'E5,Lyon,-3',
    '',
  ].join('\n'),
}

/** Every operation of the node, on the exceptions that a run has left. */
export function exceptionsSuite(n8n: N8n): void {
  let gateway: TestGateway
  let credentials: Credentials
  beforeEach(async () => {
    gateway = await startGateway({ files: FILES })
    const key = gateway.key()
    const prefer = { headers: { prefer: 'wait=20' }, body: {} }
    await gateway.call(key, 'POST', '/v1/workflows/stock/runs', prefer)
    credentials = await credentialsOf(n8n, 'tieoutGatewayApi', {
      url: gateway.url,
      method: 'header',
      apiKey: key,
    })
  })
  afterEach(() => gateway.close())

  const run = async (id: string, ...nodes: NodeLike[]): Promise<Execution> => {
    const execution = await n8n().run(inARow(`exceptions-${id}`, credentials, START, ...nodes))
    expect(execution.data.resultData.error).toBeUndefined()
    return execution
  }
  const on = (name: string, operation: string, parameters: Record<string, unknown> = {}): NodeLike =>
    tieout('Exceptions', name, {
      resource: 'exception',
      operation,
      exception: '={{ $json.id ?? $json.exception }}',
      ...parameters,
    })
  const list = (name: string, filters: object, more: object = {}): NodeLike =>
    on(name, 'getAll', { filters, ...more })
  const column = (execution: Execution, node: string, field: string): unknown[] =>
    output(execution, node).map(({ json }) => json[field])

  test('get many: by state, text and code, and no more than the limit', async () => {
    const execution = await run(
      'list',
      list('Limited', {}, { limit: 2 }),
      { ...list('By Text', { text: 'C3', workflow: 'stock' }), executeOnce: true },
      list('By Code', { code: 'VALIDATION_FAILED' }, { returnAll: true }),
      { ...list('Settled', { state: 'resolved' }), executeOnce: true, alwaysOutputData: true },
    )
    expect(column(execution, 'Limited', 'key')).toEqual(['["E5"]', '["D4"]'])
    expect(column(execution, 'By Text', 'record')).toEqual([{ sku: 'C3', location: 'Lyon', quantity: '-1' }])
    expect(column(execution, 'By Code', 'key')).toEqual(['["E5"]', '["D4"]', '["C3"]'])
    expect(output(execution, 'Settled').map(({ json }) => json)).toEqual([{}])
  })

  test('groups, and what separates the records of one from those that passed', async () => {
    const execution = await run(
      'groups',
      tieout('Exceptions', 'Groups', { resource: 'group', operation: 'getAll', filters: {} }),
      tieout('Exceptions', 'Explain', {
        resource: 'group',
        operation: 'explain',
        group: '={{ $json.group }}',
      }),
    )
    expect(column(execution, 'Groups', 'count')).toEqual([3])
    expect(output(execution, 'Explain')[0]?.json).toMatchObject({ failures: 3, others: 2 })
    expect(column(execution, 'Explain', 'sentence')).toEqual([containing('3 of 3 failures have')])
  })

  test('get: history, what to do, and both systems as they are now', async () => {
    const execution = await run(
      'get',
      list('One', { text: 'C3' }),
      on('Get', 'get'),
      on('Get Now', 'get', { readNow: true }),
    )
    const [got] = output(execution, 'Get')
    expect(got?.json).toMatchObject({ state: 'open', owner: 'you', history: [{ type: 'exception.opened' }] })
    expect(got?.json['steps']).not.toEqual([])
    expect(got?.json['views']).toBeUndefined()
    expect(JSON.stringify(output(execution, 'Get Now')[0]?.json['views'])).toContain('Lyon')
  })

  test('assign and comment', async () => {
    const execution = await run(
      'assign',
      list('One', { text: 'C3' }),
      on('Assign', 'assign', { assignee: 'kim' }),
      on('Comment', 'comment', { comment: 'Asked the supplier' }),
      list('Of Kim', { assignee: 'kim' }),
      on('Take Away', 'assign', { assignee: '' }),
      on('Get', 'get'),
    )
    expect(column(execution, 'Of Kim', 'key')).toEqual(['["C3"]'])
    expect(column(execution, 'Get', 'assignee')).toEqual([undefined])
    expect(JSON.stringify(column(execution, 'Get', 'history'))).toContain('Asked the supplier')
  })

  test('fix: a preview keeps nothing, then it is kept and goes out with the retry', async () => {
    const fix = '{ "quantity": "3" }'
    const execution = await run(
      'fix',
      list('One', { text: 'C3' }),
      on('Preview', 'fix', { fix, preview: true }),
      on('Not Yet', 'get', { exception: "={{ $('One').item.json.id }}" }),
      on('Fix', 'fix', { fix }),
      on('Retry', 'retry', { workflow: 'stock', exceptions: '={{ $json.id }}' }),
      on('Settled', 'get', { exception: "={{ $('One').item.json.id }}" }),
    )
    // the others of the group hold another quantity
    expect(output(execution, 'Preview')[0]?.json).toMatchObject({ exceptions: 3, applies: 1, passes: 1 })
    expect(column(execution, 'Not Yet', 'history')).toEqual([[expect.anything()]])
    expect(output(execution, 'Retry')[0]?.json).toMatchObject({
      kind: 'retry',
      state: 'succeeded',
      outcomes: { created: 1 },
    })
    expect(output(execution, 'Settled')[0]?.json).toMatchObject({ state: 'resolved' })
    const target = readFileSync(join(gateway.folder, 'stock.ndjson'), 'utf8')
    expect(target).toContain('"C3"')
  })

  test('retry of a group sends all of it, and what fails again stays open', async () => {
    const execution = await run(
      'retry',
      tieout('Exceptions', 'Groups', { resource: 'group', operation: 'getAll', filters: {} }),
      on('Retry', 'retry', { workflow: 'stock', retryOptions: { group: '={{ $json.group }}' } }),
      list('Open', { state: 'open' }),
    )
    expect(output(execution, 'Retry')[0]?.json).toMatchObject({
      state: 'exceptions',
      outcomes: { rejected: 3 },
    })
    expect(column(execution, 'Open', 'attempts')).toEqual([2, 2, 2])
  })

  test('resolve and ignore, each with its reason', async () => {
    const execution = await run(
      'settle',
      list('One', { text: 'C3' }),
      on('Resolve', 'resolve', { reason: 'counted by hand' }),
      list('Other', { text: 'D4' }),
      on('Ignore', 'ignore', { reason: 'test record' }),
      { ...list('Open', {}), executeOnce: true },
      { ...list('Ignored', { state: 'ignored' }), executeOnce: true },
    )
    expect(output(execution, 'Resolve')[0]?.json).toMatchObject({ state: 'resolved' })
    expect(JSON.stringify(column(execution, 'Resolve', 'history'))).toContain('counted by hand')
    expect(column(execution, 'Open', 'key')).toEqual(['["E5"]'])
    expect(column(execution, 'Ignored', 'key')).toEqual(['["D4"]'])
  })

  test('what one item asks wrongly is told with the number of the item', async () => {
    const execution = await n8n().run(
      inARow(
        'exceptions-wrong',
        credentials,
        START,
        list('All', {}),
        on('Get', 'get', { exception: '={{ $itemIndex === 1 ? "C3" : $json.id }}' }),
      ),
    )
    expect(execution.data.resultData.error).toMatchObject({
      message: containing('Exception is no number [item 1]'),
      description: containing('{{ $json.id }}'),
    })
  })

  test('a retry whose expression finds nothing does not send all again', async () => {
    const execution = await n8n().run(
      inARow(
        'exceptions-none',
        credentials,
        START,
        list('One', { text: 'C3' }),
        on('Retry', 'retry', { workflow: 'stock', exceptions: '={{ $json.idd }}' }),
      ),
    )
    const { error } = execution.data.resultData
    expect(error?.message).toContain('Exceptions holds no numbers [item 0]')
  })

  test('what failed goes to the error output where there is one, with the item that asked', async () => {
    const execution = await run('error-output', list('All', {}), {
      ...on('Get', 'get', { exception: '={{ [999, "C3", $json.id][$itemIndex] }}' }),
      onError: 'continueErrorOutput',
    })
    expect(output(execution, 'Get').map(({ json }) => json['key'])).toEqual(['["C3"]'])
    expect(output(execution, 'Get', 1)).toMatchObject([
      {
        json: { key: '["E5"]', error: containing('999'), message: containing('EXCEPTION_UNKNOWN') },
      },
      { json: { key: '["D4"]', error: containing('Exception is no number') } },
    ])
  })

  test('On Error: Continue answers for the items that failed and goes on with the others', async () => {
    const execution = await run('continue', list('All', {}), {
      ...on('Get', 'get', { exception: '={{ [999, "C3", $json.id][$itemIndex] }}' }),
      onError: 'continueRegularOutput',
    })
    const [unknown, wrong, good] = output(execution, 'Get').map(({ json }) => json)
    expect(unknown).toMatchObject({ outcome: 'failed', fault: { code: 'EXCEPTION_UNKNOWN' } })
    expect(wrong).toMatchObject({ outcome: 'failed', reason: containing('Exception is no number') })
    expect(good).toMatchObject({ key: '["C3"]' })
  })
}
