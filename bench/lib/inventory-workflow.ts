import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { TABLE } from './postgres'
import { INVENTORY_SCHEMA, workflowFolder } from './workflow'

/** What both of its workflows say. */
const INVENTORY = {
  schema: INVENTORY_SCHEMA,
  key: ['sku', 'location'],
  source: { connection: 'files', stream: 'inventory.csv' },
}
const FILES = { connector: 'csv', folder: '.' }

/** The folder of a workflow `inventory` that appends a CSV file to an NDJSON file. */
export function inventoryToFile(file: string): string {
  const folder = workflowFolder({
    tieout: 1,
    connections: { files: FILES, copies: { connector: 'ndjson', folder: '.' } },
    workflows: {
      inventory: {
        ...INVENTORY,
        target: { connection: 'copies', stream: 'copy.ndjson' },
        map: { status: { from: 'status', case: 'lower' } },
        sync: { mode: 'append' },
      },
    },
  })
  symlinkSync(file, join(folder, 'inventory.csv'))
  return folder
}

/** The folder of a workflow `inventory` that brings a CSV file into a table; its `inventory.csv` is still to come. */
export function inventoryToTable(url: string): string {
  return workflowFolder({
    tieout: 1,
    connections: { files: FILES, warehouse: { connector: 'postgres', url } },
    workflows: {
      inventory: {
        ...INVENTORY,
        target: { connection: 'warehouse', stream: TABLE },
        map: { category: { from: 'category', trim: true }, status: { from: 'status', case: 'lower' } },
      },
    },
  })
}
