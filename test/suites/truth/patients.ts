import { Books, without, type Truth } from './books'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { Random } from './random'

const KEY = ['patient']

/** Patients of a clinic and of its laboratory. */
export function patients(seed: number, count: number): Truth {
  const random = new Random(seed)
  const books = new Books(KEY, admitted(random, count))
  const text = (field: string, by: (text: string) => string) => (record: DataRecord) => ({
    ...record,
    [field]: by(textOf(record[field])),
  })
  books.differ(9, 'encoding', text('family', misread))
  books.differ(
    7,
    'encoding',
    text('city', (city) => city.replace(/[^ -~]/g, '\uFFFD')),
  )
  books.differ(
    6,
    'encoding',
    text('given', (given) => given.normalize('NFD')),
  )
  books.differ(
    8,
    'space-and-case',
    text('family', (family) => family.toUpperCase()),
  )
  books.differ(
    7,
    'truncated',
    text('history', (history) => history.slice(0, 20)),
  )
  books.differ(8, 'unit-shift', (record) => ({ ...record, height: Number(record.height) * 100 }))
  books.differ(5, 'nothing', (record) => without(record, 'insurance'))
  books.differ(10, 'swapped-dimension', (record, i) => ({ ...record, ward: `W${90 + i}` }))
  books.differ(9, undefined, (record, i) => ({ ...record, weight: Number(record.weight) + 3.3 + i * i }))
  books.move(
    8,
    'truncated',
    text('patient', (patient) => patient.slice(0, 11)),
  )
  books.move(
    6,
    'space-and-case',
    text('patient', (patient) => ` ${patient.toLowerCase()}`),
  )
  books.move(5, 'encoding', text('patient', misread))
  books.lose('target', 9)
  books.lose('source', 8)
  books.repeat('source', 5)
  return {
    key: KEY,
    schema: SCHEMA,
    settings: {
      dimensions: [{ name: 'ward', field: 'ward', by: 'value' }],
      measures: [
        { name: 'patients', fields: [] },
        { name: 'weight', fields: ['weight'] },
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
    patient: { type: 'string' },
    family: { type: 'string' },
    given: { type: 'string' },
    city: { type: 'string' },
    born: { type: 'string', format: 'date' },
    ward: { type: 'string' },
    height: { type: 'number' },
    weight: { type: 'number' },
    history: { type: 'string' },
    insurance: { type: 'string' },
  },
}

function admitted(random: Random, count: number): DataRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    patient: `P-2024-${String(i + 1).padStart(4, '0')}-Ä${String.fromCharCode(65 + (i % 26))}${i}`,
    family: `${random.pick(['Müller', 'Weiß', 'Größer', 'Kovács'])} ${i}`,
    given: random.pick(['Zoë', 'José', 'Anaïs', 'Jürgen']),
    city: random.pick(['Köln', 'Zürich', 'Málaga']),
    born: `19${random.between(40, 99)}-0${random.between(1, 9)}-1${random.below(10)}`,
    ward: `W${random.between(1, 6)}`,
    height: random.between(148, 202) / 100,
    weight: random.between(481, 1190) / 10,
    history: `admitted for ${random.pick(['observation', 'an operation', 'rehabilitation'])}, visit ${i}`,
    insurance: '',
  }))
}

function misread(text: string): string {
  return new TextDecoder('windows-1252').decode(new TextEncoder().encode(text))
}
