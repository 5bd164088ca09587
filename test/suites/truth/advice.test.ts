import { join } from 'node:path'
import { loadDefinition } from '../../../shared/adapters/definition/load'
import type { Workflow } from '../../../shared/core/workflow'
import { registry } from '../../../connectors'
import { folderWith } from '../../support/folder'
import { reconciled } from '../../support/reconcile'
import { textOf, type DataRecord } from '../../../shared/core/record/value'

const KEY = ['sku']

/** What is pasted where the advice says. */
function definition(advice: string): string {
  const settings = /"(compare: \{.*?\})" under "reconcile"/.exec(advice)?.[1]
  const part = /"(\{ field: .*?\})" in "match"/.exec(advice)?.[1]
  return `
tieout: 1
connections: { files: { connector: csv } }
workflows:
  stock:
    key: sku
    source: { connection: files, stream: a.csv }
    target: { connection: files, stream: b.csv }
    reconcile: { ${settings ?? `match: [[${part ?? 'the advice names no setting'}]]`} }
`
}

async function following(advice: string): Promise<Workflow> {
  const folder = folderWith({ 'tieout.yaml': definition(advice) })
  try {
    const { definition } = await loadDefinition(join(folder.path, 'tieout.yaml'), { env: {}, registry })
    const workflow = definition.workflows.get('stock')
    if (!workflow) throw new Error('no workflow')
    return workflow
  } finally {
    folder.remove()
  }
}

/** Settings that a cause advises, pasted into a definition. */
describe('The advice makes both sides agree: for', () => {
  it.each<[string, DataRecord, DataRecord]>([
    ['units', { weight: 1.25 }, { weight: 1250 }],
    ['spaces and case', { name: 'Bolt  M8' }, { name: 'bolt m8 ' }],
    ['nothing in two forms', { note: null }, { note: '' }],
    ['rounding', { 'unit price': 10.004 }, { 'unit price': 10 }],
    ['zeros in front of a key', { sku: '007' }, { sku: '7' }],
    ['case in a key', { sku: 'a7' }, { sku: 'A7' }],
    ['another currency', { amount: 100 }, { amount: 108.4 }],
  ])('%s', async (_, one, two) => {
    // enough of them that it is no chance; the keys differ in their beginning or their end
    const three = (record: DataRecord): DataRecord[] =>
      [1, 2, 3].map((i) => ({ ...record, sku: `${textOf(record.sku ?? 'S')}${i}` }))
    const before = await reconciled(three(one), three(two), {}, { parts: { key: KEY } })
    expect(before.result.causes).toHaveLength(1)
    const { reconcile } = await following(before.result.causes[0]?.advice ?? '')
    const after = await reconciled(three(one), three(two), reconcile, { parts: { key: KEY } })
    expect(after.breaks).toEqual([])
    expect(after.result.compared.pairs).toBe(3)
  })
})
