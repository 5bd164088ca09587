import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runScript, type Cost } from './process'

/** A folder with a definition, its schema and the state of its runs. */
export function workflowFolder(definition: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'tieout-bench-run-'))
  writeFileSync(join(folder, 'tieout.json'), JSON.stringify(definition))
  return folder
}

/** One sync in a process of its own: mapping, validation, state on disk and receipt as in daily use. */
export function runWorkflow(folder: string, workflow: string): Promise<Cost> {
  return runScript('run-workflow.js', [join(folder, 'tieout.json'), workflow, join(folder, 'state.sqlite')])
}

/** Of an inventory record as the target takes it: what a careful user would write. */
export const INVENTORY_SCHEMA = {
  type: 'object',
  required: ['sku', 'location', 'quantity', 'unit_cost'],
  properties: {
    sku: { type: 'string', pattern: '^SKU-' },
    location: { type: 'string', maxLength: 10 },
    category: { type: 'string' },
    quantity: { type: 'integer', minimum: 0 },
    unit_cost: { type: 'number', minimum: 0 },
    currency: { enum: ['USD', 'EUR', 'GBP', 'CAD'] },
    updated_at: { type: 'string', format: 'date-time' },
    status: { type: 'string' },
  },
}
