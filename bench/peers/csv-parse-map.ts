import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { tellCost } from '../lib/process'

type Row = Record<string, string>

/** What people write in a code step: csv-parse into objects, and a Map by key. */
async function main(folder: string): Promise<void> {
  const [a, b] = [await rowsOf(join(folder, 'a.csv')), await rowsOf(join(folder, 'b.csv'))]
  const found = { changed: 0, missingInA: 0, missingInB: 0, repeatedInA: 0, repeatedInB: 0, groups: 0 }
  const byKey = new Map<string, Row>()
  for (const row of a) {
    if (byKey.has(keyOf(row))) found.repeatedInA++
    else byKey.set(keyOf(row), row)
  }
  const met = new Set<string>()
  const breaks: { key: string; fields: string[] }[] = []
  for (const row of b) {
    const key = keyOf(row)
    if (met.has(key)) {
      found.repeatedInB++
      continue
    }
    met.add(key)
    const other = byKey.get(key)
    const fields = other ? Object.keys(row).filter((field) => row[field] !== other[field]) : []
    if (!other) found.missingInA++
    else if (fields.length > 0) found.changed++
    if (!other || fields.length > 0) breaks.push({ key, fields })
  }
  for (const key of byKey.keys()) {
    if (met.has(key)) continue
    found.missingInB++
    breaks.push({ key, fields: [] })
  }
  const totals = [totalsOf(a), totalsOf(b)]
  found.groups = new Set(totals.flatMap((groups) => [...groups.keys()])).size
  tellCost({ found, breaks: breaks.length })
}

async function rowsOf(path: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of createReadStream(path).pipe(parse({ columns: true })))
    if (isRow(row)) rows.push(row)
  return rows
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null
}

function keyOf(row: Row): string {
  return `${row['sku'] ?? ''},${row['location'] ?? ''}`
}

function totalsOf(rows: readonly Row[]): Map<string, { quantity: number; cents: number }> {
  const totals = new Map<string, { quantity: number; cents: number }>()
  for (const row of rows) {
    const group = `${row['location'] ?? ''}|${row['category'] ?? ''}|${row['status'] ?? ''}`
    const total = totals.get(group) ?? { quantity: 0, cents: 0 }
    total.quantity += Number(row['quantity'])
    total.cents += Number(row['quantity']) * Math.round(Number(row['unit_cost']) * 100)
    totals.set(group, total)
  }
  return totals
}

void main(process.argv[2] ?? '')
