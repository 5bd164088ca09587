import { output, workflow, type Execution } from '../../../bench/lib/n8n/run-data'
import { startChatModel, type ChatModel, type Say, type Turn } from '../../support/chat-model'
import { startFaultyApi } from '../../support/faulty-api'
import { startGateway, type TestGateway } from '../../support/gateway'
import { credentialsOf, named, START, tieout, type Credentials, type NodeLike } from './nodes'
import { STOCK } from './person'
import type { N8n } from './server'

const OPEN = { workflow: 'stock', state: 'open' }

/** n8n's own AI Agent uses our nodes as its tools; what the model says is fixed, all else is real. */
export function agentSuite(n8n: N8n): void {
  let gateway: TestGateway
  let credentials: Credentials
  let model: ChatModel | undefined
  beforeAll(async () => {
    gateway = await startGateway({ files: STOCK })
    const data = { url: gateway.url, method: 'header', apiKey: gateway.key() }
    credentials = await credentialsOf(n8n, 'tieoutGatewayApi', data)
  })
  afterAll(() => gateway.close())
  afterEach(() => model?.close())

  /** What the model says, turn by turn; its last word is what the last tool told it. */
  const agent = async (id: string, tool: NodeLike, ...asks: object[]): Promise<Execution> => {
    const say = ({ messages, tools }: Turn): Say => {
      const told = messages.filter(({ role }) => role === 'tool')
      const ask = asks[told.length]
      return ask
        ? { calls: [{ name: tools[0] ?? '', arguments: ask }] }
        : { text: String(told.at(-1)?.content) }
    }
    model = await startChatModel(say)
    const key = await credentialsOf(n8n, 'openAiApi', { apiKey: 'none', url: model.url, id })
    const nodes = [
      START,
      {
        name: 'Agent',
        type: '@n8n/n8n-nodes-langchain.agent',
        typeVersion: 3,
        parameters: { promptType: 'define', text: 'What needs a person?', options: {} },
      },
      {
        name: 'Model',
        type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
        typeVersion: 1.2,
        credentials: key,
        parameters: { model: { __rl: true, mode: 'id', value: 'fake' }, options: {} },
      },
      { ...tool, type: `${tool.type}Tool` },
    ]
    const wires = ['Start > Agent', 'Model > Agent > ai_languageModel', `${tool.name} > Agent > ai_tool`]
    return n8n().run(workflow(id, nodes, wires))
  }
  const answer = (execution: Execution): unknown => {
    expect(execution.data.resultData.error).toBeUndefined()
    return JSON.parse(String(output(execution, 'Agent')[0]?.json['output']))
  }

  test('runs a workflow of the gateway, twice: each answer is the receipt, with the exceptions', async () => {
    const run = tieout('BulkSync', 'Sync', {
      operation: 'run',
      workflow: { ...named("={{ $fromAI('workflow', 'name of the workflow') }}") },
    })
    const execution = await agent(
      'agent-run',
      { ...run, credentials },
      { workflow: 'stock' },
      { workflow: 'stock' },
    )
    expect(answer(execution)).toMatchObject([
      { status: 'exceptions', exceptions: { count: 2, first: [OPEN, OPEN] }, changes: { count: 0 } },
    ])
    const answers = model?.turns.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? []
    expect(answers).toHaveLength(2)
    expect(answers[0]?.content).not.toEqual(answers[1]?.content)
  })

  test('lists exceptions by what the model asks for', async () => {
    const list = tieout('Exceptions', 'List', {
      resource: 'exception',
      operation: 'getAll',
      filters: { workflow: "={{ $fromAI('workflow') }}" },
    })
    const execution = await agent('agent-list', { ...list, credentials }, { workflow: 'stock' })
    expect(answer(execution)).toMatchObject([OPEN, OPEN])
  })

  test('reconciles two APIs: the result, what it adds up to, and the beginning of a long list of breaks', async () => {
    const records = Array.from({ length: 50 }, (_, i) => ({
      sku: `K${String(i).padStart(2, '0')}`,
      quantity: i,
    }))
    const [from, to] = [
      await startFaultyApi({ records }),
      await startFaultyApi({ records: records.slice(0, 5) }),
    ]
    const side = (name: string, url: string): object => ({
      [`${name}ReadUrl`]: `${url}/items`,
      [`${name}Records`]: 'items',
      [`${name}ReadOptions`]: { total: '/total' },
    })
    try {
      const apis = { ...side('source', from.url), ...side('target', to.url) }
      const reconcile = tieout('Reconcile', 'Compare', {
        operation: 'apis',
        ...apis,
        keyFields: 'sku',
        measures: 'quantity',
      })
      const [told] = [answer(await agent('agent-reconcile', reconcile, {}))].flat()
      expect(told).toMatchObject({ status: 'breaks', breaks: { count: 45 }, matched: { count: 0 } })
      expect(told).toHaveProperty('breaks.first.length', 20)
    } finally {
      await from.close()
      await to.close()
    }
  })

  test('what goes wrong is told to the model, with what to do', async () => {
    const list = tieout('Exceptions', 'List', {
      resource: 'exception',
      operation: 'get',
      exception: "={{ $fromAI('id') }}",
    })
    const execution = await agent('agent-wrong', { ...list, credentials }, { id: '4711' })
    expect(answer(execution)).toMatchObject([
      { outcome: 'failed', reason: 'There is no exception 4711 here.', fault: { code: 'EXCEPTION_UNKNOWN' } },
    ])
  })
}
