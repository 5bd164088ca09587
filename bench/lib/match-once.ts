import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { csv } from '../../connectors/csv'
import { clock } from '../../shared/adapters/clock'
import { NodeFiles } from '../../shared/adapters/files'
import { signer } from '../../shared/adapters/signer'
import { NodeSpill } from '../../shared/adapters/spill'
import { printJson } from '../../shared/core/format/json'
import { createInterpretingValidator } from '../../shared/core/validation/interpreting'
import { compileMapping } from '../../shared/core/mapping/compile'
import { choosePass } from '../../shared/core/reconciliation/choose-pass'
import { Comparison } from '../../shared/core/reconciliation/comparison'
import type { KeyGroup } from '../../shared/core/reconciliation/first-pass'
import type { DataRecord } from '../../shared/core/record/value'
import type { Workflow } from '../../shared/core/workflow'
import { tellCost } from './process'
import { reconcileWorkflow, sideOf } from './reconcile-workflow'
import { INVENTORY_SCHEMA } from './workflow'

/** What a join of databases does and no more: what disagrees, in which fields, into a file, and totals by group. */
export async function matchOnce(folder: string, memory: number): Promise<void> {
  const http = {
    open: () => {
      throw new Error('all files are local')
    },
  }
  const ports = {
    clock,
    http,
    files: new NodeFiles(folder, http),
    validator: createInterpretingValidator(),
    spill: new NodeSpill(),
    signer,
    log: { info: () => undefined, warn: () => undefined },
  }
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const connection = await csv.open({ name: 'files', settings: {}, ports, traffic })
  const mapper = compileMapping(undefined, { schema: INVENTORY_SCHEMA, typed: false })
  const workflow = workflowWith(memory)
  const comparison = new Comparison(workflow, true)
  const pass = await choosePass({
    workflow,
    source: await sideOf(connection, 'a.csv', mapper),
    target: await sideOf(connection, 'b.csv', mapper),
    comparison,
    ports,
    signal: new AbortController().signal,
    onRead: () => undefined,
  })
  const found = { changed: 0, missingInA: 0, missingInB: 0 }
  const file = openSync(join(folder, 'breaks.ndjson'), 'w')
  for await (const groups of pass.unequal()) {
    let lines = ''
    for (const group of groups) {
      const line = breakOf(group, comparison, found)
      if (line) lines += printJson(line) + '\n'
    }
    writeSync(file, lines)
  }
  closeSync(file)
  const { source, target, totals, method } = pass.result()
  tellCost({
    method,
    found: { ...found, repeatedInA: source.repeated, repeatedInB: target.repeated, groups: totals.length },
  })
}

/** Rows that come twice are equal in this data, so the first of each side speaks for its key. */
function breakOf(
  { source: [source], target: [target] }: KeyGroup,
  comparison: Comparison,
  found: { changed: number; missingInA: number; missingInB: number },
): DataRecord | undefined {
  if (!source || !target) {
    if (source) found.missingInB++
    else found.missingInA++
    return { source: source ?? null, target: target ?? null }
  }
  const { fields } = comparison.compare(source, target)
  if (fields.length === 0) return undefined
  found.changed++
  return { fields: fields.map(({ field }) => field), source, target }
}

function workflowWith(memory: number): Workflow {
  return reconcileWorkflow(
    { source: 'a.csv', target: 'b.csv', schema: INVENTORY_SCHEMA },
    {
      memory,
      dimensions: ['location', 'category', 'status'].map((field) => ({ name: field, field, by: 'value' })),
      measures: [
        { name: 'quantity', fields: ['quantity'] },
        { name: 'value', fields: ['quantity', 'unit_cost'] },
      ],
    },
  )
}
