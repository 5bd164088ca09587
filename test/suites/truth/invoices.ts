import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { Books, type Truth } from './books'
import { Random } from './random'

const KEY = ['invoice']
const DAY = 86_400_000

/** Invoices of a shop and of its book-keeping, which got nothing after the end of October. */
export function invoices(seed: number, count: number): Truth {
  const random = new Random(seed)
  const books = new Books(KEY, issued(random, count))
  const later = (field: string, ms: number) => (record: DataRecord) => ({
    ...record,
    [field]: moved(record[field], ms),
  })
  const amount = (field: string, by: (amount: number) => number) => (record: DataRecord) => ({
    ...record,
    [field]: cents(by(Number(record[field]))),
  })
  books.differ(9, 'off-by-one', later('due', -DAY))
  books.differ(6, 'off-by-one', (record) => ({ ...record, issued: monthLater(record.issued) }))
  books.differ(14, 'time-zone', later('paid', 3_600_000))
  books.differ(11, 'time-zone', later('paid', 7_200_000))
  books.differ(
    13,
    'currency',
    amount('net', (net) => net * 1.0837),
  )
  books.differ(8, 'currency', (record) => ({
    ...amount('gross', (gross) => gross * 0.91)(record),
    currency: 'CHF',
  }))
  books.differ(10, 'rounding', (record) => ({ ...record, tax: cents(Number(record.tax)) }))
  books.differ(
    10,
    'constant-offset',
    amount('gross', (gross) => gross + 4.95),
  )
  books.differ(6, 'swapped-fields', (record) => ({
    ...record,
    net: record.gross ?? null,
    gross: record.net ?? null,
  }))
  books.differ(15, undefined, (record, i) => ({ ...record, customer: `C${9000 + 7 * i}` }))
  books.lose('target', 12, 'stale', (record, i) => ({ ...record, changed: `2024-11-${10 + i}T06:30:00Z` }))
  books.lose('target', 5)
  books.repeat('target', 4)
  const { source, target } = books.sides()
  return {
    key: KEY,
    schema: SCHEMA,
    settings: {
      cutOff: { field: 'changed', windowMs: 0 },
      dimensions: [{ name: 'month', field: 'issued', by: 'month' }],
      measures: ['net', 'gross'].map((name) => ({ name, fields: [name] })),
    },
    source,
    target,
    planted: books.planted,
    agreed: books.agreed,
  }
}

const text = { type: 'string' }
const number = { type: 'number' }
const SCHEMA = {
  type: 'object',
  properties: {
    invoice: text,
    customer: text,
    issued: { type: 'string', format: 'date' },
    due: { type: 'string', format: 'date' },
    paid: { type: 'string', format: 'date-time' },
    currency: text,
    net: number,
    tax: number,
    gross: number,
    changed: { type: 'string', format: 'date-time' },
  },
}

function issued(random: Random, count: number): DataRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const day = Date.UTC(2024, random.below(9), random.between(1, 28))
    const net = random.between(5_000, 900_000) / 100
    const tax = net * 0.19 + random.between(1, 4) / 1000
    return {
      invoice: `INV-2024-${String(i + 1).padStart(5, '0')}`,
      customer: `C${random.between(1000, 1999)}`,
      issued: isoDay(day),
      due: isoDay(day + 14 * DAY),
      paid: seconds(day + random.between(DAY, 13 * DAY)),
      currency: 'EUR',
      net,
      tax: Number(tax.toFixed(4)),
      gross: cents(net + tax),
      changed: seconds(day + 13 * DAY),
    }
  })
}

function cents(amount: number): number {
  return Number(amount.toFixed(2))
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function seconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

function moved(value: DataRecord[string] | undefined, ms: number): string {
  const text = textOf(value)
  const then = Date.parse(text) + ms
  return text.length === 10 ? isoDay(then) : seconds(then)
}

function monthLater(value: DataRecord[string] | undefined): string {
  const date = new Date(textOf(value))
  return isoDay(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()))
}
