import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The same inventory as two systems export it. Every value is a function of the row's number: no state, no chance. */
const LOCATIONS = 50
const CATEGORIES = [
  'Beverage',
  'Dairy',
  'Frozen, mixed',
  'Produce',
  'Bakery',
  'Household',
  'Apparel',
  'Toys',
  'Garden',
  'Media',
]
const CURRENCIES = ['USD', 'EUR', 'GBP', 'CAD']
const STATUSES = ['active', 'active', 'active', 'hold', 'discontinued']
const EPOCH = Date.UTC(2026, 0, 1)
/** Side b comes in another order: shuffled within blocks of so many rows. */
const BLOCK = 1 << 18
const ROWS_PER_WRITE = 20_000

export interface TwoSystems {
  folder: string
  expected: Findings
}

/** What a reconciliation has to find. Of each key that comes twice both rows are equal. */
export interface Findings {
  changed: number
  missingInA: number
  missingInB: number
  repeatedInA: number
  repeatedInB: number
  groups: number
}

export type Notation = 'plain' | 'crlf'

/**
 * Makes `a.csv` and `b.csv` once per machine: of 1,000 rows 10 changed, 5 missing on each side and one twice on each. The
 * notation `crlf` has CRLF, quotes and line breaks in quoted fields, and empty fields.
 */
export function twoSystems(rows: number, notation: Notation): TwoSystems {
  const folder = join(tmpdir(), 'tieout-bench', `two-systems-${String(rows)}-${notation}`)
  mkdirSync(folder, { recursive: true })
  const expected = { changed: 0, missingInA: 0, missingInB: 0, repeatedInA: 0, repeatedInB: 0, groups: 0 }
  for (let row = 0; row < rows; row++) {
    const fate = fateOf(row)
    if (fate < 5) expected.missingInB++
    else if (fate < 10) expected.missingInA++
    else if (fate < 20) expected.changed++
    else if (fate === 20) expected.repeatedInA++
    else if (fate === 21) expected.repeatedInB++
  }
  const skus = Math.ceil(rows / LOCATIONS)
  expected.groups = Math.min(rows, LOCATIONS) * Math.min(skus, CATEGORIES.length) * new Set(STATUSES).size
  const line = notation === 'plain' ? plainLine : crlfLine
  const head = `sku,location,category,quantity,unit_cost,currency,updated_at,status${notation === 'plain' ? '\n' : '\r\n'}`
  writeOnce(join(folder, 'a.csv'), head, linesOfA(rows, line))
  writeOnce(join(folder, 'b.csv'), head, linesOfB(rows, line))
  return { folder, expected }
}

type Line = (row: number, changed: boolean) => string

function* linesOfA(rows: number, line: Line): Generator<string> {
  for (let row = 0; row < rows; row++) {
    const fate = fateOf(row)
    if (fate >= 5 && fate < 10) continue
    const text = line(row, false)
    yield fate === 20 ? text + text : text
  }
}

function* linesOfB(rows: number, line: Line): Generator<string> {
  for (let from = 0; from < rows; from += BLOCK) {
    for (let i = 0; i < BLOCK; i++) {
      // odd, so that every row of the block comes once
      const row = from + ((i * 104_729 + 7) & (BLOCK - 1))
      const fate = fateOf(row)
      if (row >= rows || fate < 5) continue
      const text = line(row, fate >= 10 && fate < 20)
      yield fate === 21 ? text + text : text
    }
  }
}

function plainLine(row: number, changed: boolean): string {
  const [sku, location, category, ...rest] = valuesOf(row, changed)
  return `${sku ?? ''},${location ?? ''},${quoted(category)},${rest.join(',')}\n`
}

function crlfLine(row: number, changed: boolean): string {
  const [sku, location, category = '', quantity, cost, currency, at, status] = valuesOf(row, changed)
  const name = row % 100 < 50 && category === 'Dairy' ? category : `${category} "B"\r\nstock`
  const noted = row % 10 === 3 ? '' : currency
  return `${sku ?? ''},${location ?? ''},${quoted(row % LOCATIONS === 0 ? name : category)},${quantity ?? ''},${cost ?? ''},${noted ?? ''},${at ?? ''},${status ?? ''}\r\n`
}

function valuesOf(row: number, changed: boolean): string[] {
  const sku = Math.floor(row / LOCATIONS)
  const place = row % LOCATIONS
  const noise = mixed(row)
  const what = changed ? mixed(row ^ 0x55555555) % 4 : -1
  const quantity = noise % 10_000
  const cents = mixed(noise) % 500_000
  const status = STATUSES[(noise >>> 16) % STATUSES.length] ?? ''
  return [
    `SKU-${String(sku).padStart(7, '0')}`,
    `WH-${String(place).padStart(3, '0')}`,
    CATEGORIES[sku % CATEGORIES.length] ?? '',
    String(what === 0 ? quantity + 7 : what === 1 ? -quantity - 1 : quantity),
    ((what === 2 ? cents + 125 : cents) / 100).toFixed(2),
    CURRENCIES[place % CURRENCIES.length] ?? '',
    new Date(EPOCH + (noise % 25_000_000) * 1000 + (cents % 1000)).toISOString(),
    what === 3 ? (status === 'hold' ? 'active' : 'hold') : status,
  ]
}

function quoted(text = ''): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** From 0 to 999. */
function fateOf(row: number): number {
  return mixed(row ^ 0x2545f491) % 1000
}

/** 32 bits that look like chance (the finaliser of MurmurHash3, public domain). */
function mixed(number: number): number {
  let h = Math.imul(number + 1, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function writeOnce(path: string, head: string, lines: Iterable<string>): void {
  if (existsSync(path)) return
  const file = openSync(path + '.part', 'w')
  let text = head
  let waiting = 0
  for (const line of lines) {
    text += line
    if (++waiting < ROWS_PER_WRITE) continue
    writeSync(file, text)
    text = ''
    waiting = 0
  }
  writeSync(file, text)
  closeSync(file)
  renameSync(path + '.part', path)
}
