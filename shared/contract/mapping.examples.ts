/** Mappings that are right. The source record and what becomes of it show the meaning; a test holds all of it. */
export const mappingExamples = [
  {
    title: 'Rename: target field, then source path',
    map: { quantity: 'qty_on_hand', city: 'address.city', first: 'items[0].sku', weird: 'a\\.b' },
    in: { qty_on_hand: 5, address: { city: 'Ulm' }, items: [{ sku: 'A1' }], 'a.b': true, note: 'passes' },
    out: { quantity: 5, city: 'Ulm', first: 'A1', weird: true, note: 'passes' },
  },
  {
    title: 'Only what is mapped',
    map: { sku: 'item', '*': 'drop' },
    in: { item: 'A1', note: 'stays behind' },
    out: { sku: 'A1' },
  },
  {
    title: 'Constant, template and concatenation',
    map: {
      source: { value: 'warehouse' },
      id: { template: '{sku}-{location}' },
      name: { concat: ['first', 'middle', 'last'], separator: ' ' },
    },
    in: { sku: 'A1', location: 'ULM', first: 'Ada', middle: null, last: 'King' },
    out: { source: 'warehouse', id: 'A1-ULM', name: 'Ada King' },
  },
  {
    title: 'Lookup of codes, with an answer for others',
    map: {
      unit: { from: 'uom', values: { EA: 'each', KG: 'kilogram' }, otherwise: 'keep' },
      state: { from: 'status', values: { A: 'active' }, otherwise: { value: 'unknown' } },
    },
    in: { uom: 'KG', status: 'Z' },
    out: { unit: 'kilogram', state: 'unknown' },
  },
  {
    title: 'Conditions in CEL',
    map: {
      state: { when: [{ if: 'qty > 0', then: { value: 'in stock' } }, { else: { value: 'sold out' } }] },
    },
    in: { qty: 0 },
    out: { state: 'sold out', qty: 0 },
  },
  {
    title: 'Default, for absent and null; an empty text only where it is said to be null',
    map: { unit: { default: 'EA' }, colour: { emptyAs: null, default: 'none' }, size: { default: 'M' } },
    in: { unit: null, colour: '', size: '' },
    out: { unit: 'EA', colour: 'none', size: '' },
  },
  {
    title: 'Types, and a date-time without a zone',
    map: {
      quantity: { type: 'integer' },
      price: { type: 'number' },
      active: { type: 'boolean' },
      counted: { type: 'date-time', format: 'dd.MM.yyyy HH:mm', zone: 'Europe/Berlin' },
    },
    in: { quantity: '12', price: '19.90', active: '1', counted: '31.05.2024 14:00' },
    out: { quantity: 12, price: 19.9, active: true, counted: '2024-05-31T14:00:00+02:00' },
  },
  {
    title: 'Units and rounding in decimal arithmetic',
    map: { kilograms: { from: 'grams', factor: 0.001, decimals: 2, round: 'half-even' } },
    in: { grams: 1225 },
    out: { kilograms: 1.22 },
  },
  {
    title: 'Trim, case, split and join',
    map: {
      sku: { trim: true, case: 'upper' },
      tags: { split: ',', trim: true },
      surname: { from: 'name', split: ' ', take: -1 },
      codes: { join: '|' },
    },
    in: { sku: ' a1 ', tags: 'red, blue', name: 'Ada King', codes: ['x', 'y'] },
    out: { sku: 'A1', tags: ['red', 'blue'], surname: 'King', codes: 'x|y' },
  },
  {
    title: 'Nested objects and lists of objects',
    map: {
      'address.city': 'town',
      'address.zip': 'plz',
      contact: { fields: { mail: 'email', phone: 'tel' } },
      lines: {
        from: 'positions',
        each: { sku: 'item', quantity: { from: 'qty', type: 'integer' }, '*': 'drop' },
      },
    },
    in: {
      town: 'Ulm',
      plz: '89073',
      email: 'a@example.com',
      positions: [{ item: 'A1', qty: '2', text: 'x' }],
    },
    out: {
      address: { city: 'Ulm', zip: '89073' },
      contact: { mail: 'a@example.com' },
      lines: [{ sku: 'A1', quantity: 2 }],
    },
  },
  {
    title: 'Expressions in CEL; numbers of the record keep their digits',
    map: { total: { cel: 'record.quantity * record.price', decimals: 2 }, '*': 'drop' },
    in: { quantity: 3, price: 0.1 },
    out: { total: 0.3 },
  },
] as const

/** Mappings that are refused, each for one reason. */
export const mappingCounterExamples = [
  { reason: 'a field has one origin', map: { a: { from: 'b', value: 1 } } },
  {
    reason: 'a rule has no step of this name (upper is case: upper)',
    map: { a: { from: 'b', upper: true } },
  },
  { reason: 'take chooses a part of split', map: { a: { from: 'b', take: 0 } } },
  { reason: 'otherwise answers for values', map: { a: { from: 'b', otherwise: 'keep' } } },
  { reason: 'format is that of a type', map: { a: { from: 'b', format: 'dd.MM.yyyy' } } },
  { reason: 'round says how decimals are cut', map: { a: { from: 'b', round: 'half-up' } } },
  { reason: 'separator stands between the parts of concat', map: { a: { from: 'b', separator: '-' } } },
  { reason: 'a type is one of seven', map: { a: { from: 'b', type: 'int' } } },
  { reason: 'a condition has what follows from it', map: { a: { when: [{ if: 'b > 0' }] } } },
  { reason: 'an empty text can become null or absent', map: { a: { from: 'b', emptyAs: 'default' } } },
  { reason: 'a constant is written { value: 5 }', map: { a: 5 } },
  { reason: '* is drop or pass', map: { '*': 'keep' } },
] as const
