import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An inventory of two systems: made, not random, so that every machine measures the same bytes. */
const COLUMNS = ['sku', 'location', 'category', 'quantity', 'unit_cost', 'currency', 'updated_at', 'status']

const LOCATIONS = 50
const CATEGORIES = [
  'Beverage',
  'Dairy',
  '"Frozen, mixed"',
  'Produce',
  'Bakery',
  'Household',
  'Apparel',
  'Toys',
]
const CURRENCIES = ['USD', 'EUR', 'GBP', 'CAD']
const STATUSES = ['active', 'active', 'active', 'hold', 'discontinued']
const EPOCH = Date.UTC(2026, 0, 1)
const LINES_PER_WRITE = 20_000

export interface InventoryFiles {
  /** What the target holds. */
  before: string
  /** The same rows in the same order with 1 % of them changed. */
  after: string
}

/** Makes the files once per machine and number of rows. */
export function inventoryFiles(rows: number): InventoryFiles {
  const folder = join(tmpdir(), 'tieout-bench')
  mkdirSync(folder, { recursive: true })
  const before = join(folder, `inventory-${String(rows)}.csv`)
  const after = join(folder, `inventory-${String(rows)}-changed.csv`)
  if (!existsSync(before)) writeFile(before, rows, false)
  if (!existsSync(after)) writeFile(after, rows, true)
  return { before, after }
}

function writeFile(path: string, rows: number, changed: boolean): void {
  const file = openSync(path + '.part', 'w')
  let lines = COLUMNS.join(',') + '\n'
  for (let row = 0; row < rows; row++) {
    lines += line(row, changed && row % 100 === 42)
    if (row % LINES_PER_WRITE === 0) {
      writeSync(file, lines)
      lines = ''
    }
  }
  writeSync(file, lines)
  closeSync(file)
  renameSync(path + '.part', path)
}

function line(row: number, changed: boolean): string {
  const sku = Math.floor(row / LOCATIONS)
  const place = row % LOCATIONS
  const noise = Math.imul(row + 1, 0x9e3779b1) >>> 0
  const quantity = (noise % 10_000) + (changed ? 1 : 0)
  const cents = (noise >>> 7) % 500_000
  const at = new Date(EPOCH + (noise % 25_000_000) * 1000).toISOString()
  return (
    [
      `SKU-${String(sku).padStart(7, '0')}`,
      `WH-${String(place).padStart(3, '0')}`,
      CATEGORIES[sku % CATEGORIES.length],
      quantity,
      (cents / 100).toFixed(2),
      CURRENCIES[place % CURRENCIES.length],
      at,
      STATUSES[noise % STATUSES.length],
    ].join(',') + '\n'
  )
}
