import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { Books, without, type Truth } from './books'
import { Random } from './random'

const KEY = ['sku', 'location']
const PLACES = ['Berlin', 'Hamburg', 'Leipzig', 'Ulm'] as const

/** Stock of a shop and of its warehouse. */
export function inventory(seed: number, count: number): Truth {
  const random = new Random(seed)
  const books = new Books(KEY, stock(random, count))
  const quantity = (by: (quantity: number, i: number) => number) => (record: DataRecord, i: number) => ({
    ...record,
    quantity: by(Number(record.quantity), i),
  })
  books.differ(
    12,
    'sign-flip',
    quantity((one) => -one),
  )
  books.differ(
    7,
    'double-posting',
    quantity((one) => one * 2),
  )
  // each off by something else, which is nobody's double, unit or constant
  books.differ(
    20,
    undefined,
    quantity((one, i) => one + 101 + 7 * i * i),
  )
  books.differ(10, 'unit-shift', (record) => ({ ...record, weight: Number(record.weight) * 1000 }))
  books.differ(9, 'space-and-case', (record, i) => ({ ...record, name: loose(textOf(record.name), i) }))
  books.differ(6, 'nothing', (record) => ({ ...record, note: '' }))
  books.differ(5, 'nothing', (record) => without(record, 'shelf'))
  books.differ(5, undefined, (record) => ({ ...record, minimum: null }))
  books.differ(4, 'number-as-text', (record) => ({ ...record, code: `${textOf(record.code)}.0` }))
  books.move(8, 'swapped-dimension', (record) => ({ ...record, location: nextPlace(record.location) }))
  books.move(9, 'padded', (record) => ({ ...record, sku: textOf(record.sku).replace(/^0+/, '') }))
  books.repeat('target', 6)
  books.repeat('source', 3)
  books.lose('target', 11)
  books.lose('source', 10)
  return {
    key: KEY,
    schema: SCHEMA,
    settings: {
      dimensions: [
        { name: 'location', field: 'location', by: 'value' },
        { name: 'category', field: 'category', by: 'value' },
      ],
      measures: [
        { name: 'quantity', fields: ['quantity'] },
        { name: 'value', fields: ['quantity', 'price'] },
      ],
    },
    ...books.sides(),
    planted: books.planted,
    agreed: books.agreed,
  }
}

const SCHEMA = {
  type: 'object',
  properties: {
    sku: { type: 'string' },
    location: { type: 'string' },
    category: { type: 'string' },
    name: { type: 'string' },
    quantity: { type: 'integer' },
    minimum: { type: ['integer', 'null'] },
    price: { type: 'number' },
    weight: { type: 'number' },
    code: { type: 'string' },
    note: { type: ['string', 'null'] },
    shelf: { type: ['string', 'null'] },
  },
}

function stock(random: Random, count: number): DataRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    sku: String(100_003 + i * 17).padStart(8, '0'),
    location: random.pick(PLACES),
    category: random.pick(['tools', 'paint', 'garden']),
    name: `${random.pick(['Hammer', 'Brush', 'Spade'])} ${random.pick(['small', 'large'])}, type ${i}`,
    quantity: random.between(3, 900),
    minimum: 0,
    price: random.between(101, 99_999) / 100,
    weight: random.between(1, 9000) / 1000,
    code: String(random.between(1000, 9999)),
    note: null,
    shelf: null,
  }))
}

function loose(name: string, i: number): string {
  return [`${name} `, ` ${name.toUpperCase()}`, name.replaceAll(' ', '\u00a0')][i % 3] ?? ''
}

function nextPlace(place: DataRecord[string] | undefined): string {
  const at = PLACES.findIndex((one) => one === place)
  return PLACES[(at + 1) % PLACES.length] ?? ''
}
