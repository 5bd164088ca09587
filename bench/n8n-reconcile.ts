import { interleave, median, print } from './lib/comparison'
import { buildPackage, makeHome } from './lib/n8n/home'
import { output, workflow, type Execution, type Node } from './lib/n8n/run-data'
import { N8nServer } from './lib/n8n/server'

/** Two lists of items in a real n8n: Tieout Reconcile against Compare Datasets, the time inside the node alone. */
export async function n8nReconcile(rows = 50_000, rounds = 1): Promise<void> {
  const home = makeHome(buildPackage())
  const server = await N8nServer.start(home)
  try {
    const results = await interleave(rounds, {
      ours: () => compare(server, rows, OURS),
      theirs: () => compare(server, rows, THEIRS),
    })
    const [ours, theirs] = [median(results['ours'] ?? []), median(results['theirs'] ?? [])]
    print({ bench: 'n8n-reconcile', peer: 'Compare Datasets', rows, metric: 'cpu', ours, theirs })
  } finally {
    await server.stop()
    home.remove()
  }
}

const OURS = {
  type: 'n8n-nodes-tieout.tieoutReconcile',
  parameters: { operation: 'items', keyFields: 'id', measures: 'amount' },
}
const THEIRS = {
  type: 'n8n-nodes-base.compareDatasets',
  typeVersion: 2.3,
  parameters: {
    mergeByFields: { values: [{ field1: 'id', field2: 'id' }] },
    resolve: 'includeBoth',
    options: {},
  },
}

let runs = 0

/** @returns seconds inside the node */
async function compare(
  server: N8nServer,
  rows: number,
  node: Pick<Node, 'type'> & Partial<Node>,
): Promise<number> {
  const execution = await server.run(
    workflow(
      `compare-${String(++runs)}`,
      [
        { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
        side('Source', rows),
        side('Target', rows),
        { name: 'Node', ...node },
      ],
      ['Start > Source', 'Start > Target', 'Source > Node', 'Target > Node:1'],
    ),
    600_000,
  )
  const [run] = execution.data.resultData.runData['Node'] ?? []
  if (execution.status !== 'success' || !run) throw new Error(`the execution ended: ${execution.status}`)
  console.error(found(execution))
  return run.executionTime / 1000
}

function found(execution: Execution): string {
  return [0, 1, 2, 3].map((index) => output(execution, 'Node', index).length).join(' ')
}

/** 0.5 % are missing on each side, 1 % differ in the amount. */
function side(name: 'Source' | 'Target', rows: number): Pick<Node, 'name' | 'type'> & Partial<Node> {
  const jsCode = `const items = []
for (let i = 0; i < ${String(rows)}; i++) {
  if (i % 200 === ${name === 'Source' ? '0' : '100'}) continue
  const amount = (i % 10000) / 100 + ${name === 'Target' ? '(i % 100 === 7 ? 0.01 : 0)' : '0'}
  items.push({ json: {
    id: 'K' + String(i).padStart(8, '0'), name: 'Customer ' + i, region: ['EU', 'US', 'APAC', 'LATAM'][i % 4],
    account: 'A-' + (i % 977), amount, currency: 'EUR', updatedAt: '2026-01-' + String(1 + (i % 28)).padStart(2, '0'),
    status: i % 3 ? 'open' : 'closed',
  } })
}
return items`
  return { name, type: 'n8n-nodes-base.code', typeVersion: 2, parameters: { jsCode } }
}
