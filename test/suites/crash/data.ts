import { parseJson } from '../../../shared/core/format/json'
import { isObject, textOf, type DataRecord, type Value } from '../../../shared/core/record/value'

/** Stock of a warehouse as the source lists it. */
export function stock(count: number): DataRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    sku: sku(i),
    name: `Part ${i}, "grade ${'ABC'.charAt(i % 3)}"`,
    qty: (i * 7) % 100,
    price: 10 + (i % 40) / 4,
  }))
}

/** A night later: every 20th is gone, every 5th has another quantity, some are new. */
export function nextStock(records: readonly DataRecord[]): DataRecord[] {
  const kept = records.filter((_, i) => i % 20 !== 7)
  const changed = kept.map((record, i) => (i % 5 === 0 ? { ...record, qty: 1000 + i } : record))
  const added = Array.from({ length: records.length / 10 }, (_, i) => ({
    sku: sku(records.length + i),
    name: 'New part',
    qty: i,
    price: 1,
  }))
  return [...changed, ...added]
}

export function csvOf(records: readonly DataRecord[]): string {
  const rows = records.map(
    ({ sku, name, qty, price }) => `${text(sku)},${text(name)},${text(qty)},${text(price)}\n`,
  )
  return 'sku,name,qty,price\n' + rows.join('')
}

export const schema = {
  type: 'object',
  properties: {
    sku: { type: 'string' },
    name: { type: 'string' },
    qty: { type: 'integer' },
    price: { type: 'number' },
  },
  required: ['sku', 'qty'],
}

/** Records in an order and form of their own, so that two systems' contents compare as texts; doubles show. */
export function contentOf(records: readonly DataRecord[]): string[] {
  return records
    .map(({ sku, name, qty, price }) => [sku, name, Number(qty), Number(price)].map(textOf).join('|'))
    .sort()
}

/** A record that a target holds as JSON. */
export function recordOf(json: string): DataRecord {
  const value = parseJson(json)
  return isObject(value) ? value : {}
}

function sku(i: number): string {
  return `S${String(i).padStart(5, '0')}`
}

function text(value: Value | undefined): string {
  const plain = textOf(value)
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
