/** A definition and why it is or is not valid. `${NAME}` has the value 'x' for every NAME but MISSING. */
export interface DefinitionExample {
  reason: string
  text: string
  /** For one that is not valid: part of what is said, with its line. */
  says?: string
}

const connections = `connections:
  files: { connector: csv }
  erp: { connector: postgres, url: \${ERP_URL} }`

function workflow(lines: string): string {
  return `tieout: 1\n${connections}\nworkflows:\n  stock:\n${lines.replace(/^(?=.)/gm, '    ')}\n`
}

const ends = `source: { connection: files, stream: stock.csv }
target: { connection: erp, stream: stock }`

export const examples: readonly DefinitionExample[] = [
  { reason: 'The smallest useful definition', text: workflow(`key: sku\n${ends}`) },
  {
    reason: 'Everything that a workflow may say',
    text: workflow(`title: Nightly inventory
schema:
  type: object
  properties:
    { sku: { type: string }, location: { type: string }, quantity: { type: integer }, unit: { type: string }, unit_cost: { type: number }, counted_on: { type: string }, updated: { type: string }, tags: { type: array } }
key: [sku, location]
source: { connection: erp, stream: stock, cursor: { field: updated_at, lag: 5m } }
target: { connection: erp, stream: stock_copy }
map: { quantity: qty_on_hand, unit: { from: uom, emptyAs: null, values: { EA: each } } }
sync:
  mode: mirror
  deletes: soft
  softDelete: { active: false, state: gone }
  restore: { state: here }
  deleteScope: written
  batch: 500
  concurrency: 8
  checkpointEvery: 5000
  guards: { deletes: 10%, rejects: { share: 5%, count: 100 } }
  bisectionBudget: 100
  retry: { attempts: 3, for: 2m }
reconcile:
  read: { stream: stock_view }
  match:
    - [sku, { field: location, ignore: [case, space, zeros], values: { N: north } }]
    - on: [sku, { field: counted_on, withinDays: 3 }]
      pairing: one-to-many
      sum: [quantity]
  fields: [quantity, unit_cost, unit, tags, updated]
  compare:
    unit_cost: { tolerance: 0.01, relative: 0.5%, decimals: 2, factor: 1000 }
    unit: { ignore: [case, space], alike: [absent, null, empty] }
    tags: { ignore: [order] }
    updated: { within: 2s }
  ignore: [updated_at]
  dimensions: [location, { name: month, field: counted_on, by: month }, { field: sku, first: 2 }]
  measures: [quantity, { name: value, fields: [quantity, unit_cost] }, { name: records, fields: [] }]
  totals: { value: 10 }
  cutOff: { field: updated_at, window: 15m }
  secondLook: 30s
  memory: 1GB
  sorted: true
  exceptions: true
exceptions: { due: 1d, retention: 30d }`),
  },
  {
    reason: 'Records are matched by one field or several',
    text: workflow(`key: sku\n${ends}\nreconcile: { match: [sku, [sku, location], { on: sku }] }`),
  },
  {
    reason: 'A guard may be a number or off',
    text: workflow(`key: sku\n${ends}\nsync: { guards: { deletes: 0, rejects: off } }`),
  },
  { reason: '$${NAME} is the text ${NAME} itself', text: workflow(`key: sku\ntitle: $\${MISSING}\n${ends}`) },
  {
    reason: 'JSON is YAML too',
    text: '{"tieout":1,"connections":{"files":{"connector":"csv"}},"workflows":{"copy":{"key":"id","source":{"connection":"files","stream":"a.csv"},"target":{"connection":"files","stream":"b.csv"}}}}',
  },
]

export const antiExamples: readonly DefinitionExample[] = [
  {
    reason: 'A version that does not exist',
    text: workflow(`key: sku\n${ends}`).replace('tieout: 1', 'tieout: 2'),
    says: ':1: tieout must be 1',
  },
  {
    reason: 'A misspelt name',
    text: workflow(`key: sku\n${ends}\nsync: { mdoe: mirror }`),
    says: ':10: workflows.stock.sync.mdoe is not known; did you mean mode?',
  },
  {
    reason: 'A misspelt value',
    text: workflow(`key: sku\n${ends}\nsync: { mode: miror }`),
    says: ':10: workflows.stock.sync.mode must be one of append, insert-only, update-only, upsert, mirror; did you mean mirror?',
  },
  {
    reason: 'No key',
    text: workflow(ends),
    says: ':6: workflows.stock.key is missing: The fields of the record',
  },
  {
    reason: 'A key that is misspelt',
    text: workflow(`kye: sku\n${ends}`),
    says: 'workflows.stock.key is missing; did you mean it by kye?',
  },
  {
    reason: 'A key without fields',
    text: workflow(`key: []\n${ends}`),
    says: ':7: workflows.stock.key must be a field name or a list of different field names',
  },
  {
    reason: 'A connector that does not exist',
    text: workflow(`key: sku\n${ends}`).replace('connector: csv', 'connector: cvs'),
    says: ':3: connections.files.connector names no connector; did you mean csv?',
  },
  {
    reason: 'A setting that the connector does not have',
    text: workflow(`key: sku\n${ends}`).replace('connector: csv', 'connector: csv, delimitr: ";"'),
    says: ':3: connections.files.delimitr is not known; did you mean delimiter?',
  },
  {
    reason: 'A connection that is not declared',
    text: workflow(`key: sku\n${ends.replace('erp', 'epr')}`),
    says: ':9: workflows.stock.target.connection names no connection; did you mean erp?',
  },
  {
    reason: 'A reference without a value',
    text: workflow(`key: sku\n${ends}`).replace('ERP_URL', 'MISSING'),
    says: ':4: connections.erp.url needs MISSING, which has no value',
  },
  {
    reason: 'A key field that the schema does not have',
    text: workflow(`key: skuu\nschema: { properties: { sku: { type: string } } }\n${ends}`),
    says: ':7: workflows.stock.key has the field skuu, which the schema does not have; did you mean sku?',
  },
  {
    reason: 'A schema that is none',
    text: workflow(`key: sku\nschema: { type: text }\n${ends}`),
    says: ':8: workflows.stock.schema',
  },
  {
    reason: 'A schema file that is not there',
    text: workflow(`key: sku\nschema: ./none.schema.json\n${ends}`),
    says: ':8: workflows.stock.schema names the file ./none.schema.json, which is not there',
  },
  {
    reason: 'A cursor on a source that is always read whole',
    text: workflow(`key: sku\n${ends.replace('stock.csv', 'stock.csv, cursor: { field: at }')}`),
    says: ':8: workflows.stock.source.cursor is not possible: csv is always read whole',
  },
  {
    reason: 'A duration without a unit',
    text: workflow(
      `key: sku\n${ends.replace('files, stream: stock.csv', 'erp, stream: s, cursor: { field: at, lag: "5" }')}`,
    ),
    says: 'workflows.stock.source.cursor.lag must be a duration such as 500ms, 30s, 5m, 2h or 1d',
  },
  {
    reason: 'A share without a percent sign',
    text: workflow(`key: sku\n${ends}\nsync: { guards: { deletes: 0.1 } }`),
    says: 'workflows.stock.sync.guards.deletes must be a share such as 10%, a count such as 500',
  },
  {
    reason: 'Deletes without mirror',
    text: workflow(`key: sku\n${ends}\nsync: { deletes: soft }`),
    says: ':10: workflows.stock.sync.deletes needs mode: mirror, not upsert',
  },
  {
    reason: 'Soft deletes that write nothing',
    text: workflow(`key: sku\n${ends}\nsync: { mode: mirror, deletes: soft }`),
    says: 'workflows.stock.sync.softDelete is missing',
  },
  {
    reason: 'A mark that would stay on a record that comes back',
    text: workflow(`key: sku\n${ends}\nsync: { mode: mirror, deletes: soft, softDelete: { state: gone } }`),
    says: 'workflows.stock.sync.restore does not say what clears state when a record comes back',
  },
  {
    reason: 'A mapping that leaves the key out',
    text: workflow(`key: sku\n${ends}\nmap: { '*': drop, quantity: qty }`),
    says: 'workflows.stock.map drops the key field sku',
  },
  {
    reason: 'A mapping rule that does not exist',
    text: workflow(`key: sku\n${ends}\nmap: { unit: { form: uom } }`),
    says: ':10: workflows.stock.map.unit.form is not known; did you mean from?',
  },
  {
    reason: 'A choice with a value that it does not have',
    text: workflow(`key: sku\n${ends}\nmap: { unit: { emptyAs: none } }`),
    says: ':10: workflows.stock.map.unit.emptyAs must be one of null, absent',
  },
  {
    reason: 'A field with two origins',
    text: workflow(`key: sku\n${ends}\nmap: { unit: { from: uom, value: each } }`),
    says: ':10: workflows.stock.map.unit has from and value, which exclude each other',
  },
  {
    reason: 'A field that is mapped from a number',
    text: workflow(`key: sku\n${ends}\nmap: { unit: 5 }`),
    says: ':10: workflows.stock.map.unit must be a text or a mapping (name: value), not a number',
  },
  {
    reason: 'A match rule that names a field that the schema does not have',
    text: workflow(
      `key: sku\nschema: { properties: { sku: { type: string } } }\n${ends}\nreconcile: { match: [skuu] }`,
    ),
    says: ':11: workflows.stock.reconcile.match[0] has the field skuu, which the schema does not have; did you mean sku?',
  },
  {
    reason: 'A tolerance on a text',
    text: workflow(
      `key: sku\nschema: { properties: { sku: {}, name: { type: string } } }\n${ends}\nreconcile: { compare: { name: { tolerance: 1 } } }`,
    ),
    says: ':11: workflows.stock.reconcile.compare.name has tolerance, which needs a number; the schema says string',
  },
  {
    reason: 'A first match rule with days between',
    text: workflow(`key: sku\n${ends}\nreconcile: { match: [[sku, { field: day, withinDays: 2 }]] }`),
    says: ':10: workflows.stock.reconcile.match[0] has withinDays, which only a later rule may have',
  },
  {
    reason: 'Sums of nothing',
    text: workflow(`key: sku\n${ends}\nreconcile: { match: [{ on: sku, pairing: one-to-many }] }`),
    says: 'workflows.stock.reconcile.match[0] is one-to-many and does not say what to add up',
  },
  {
    reason: 'A measure that is not compared',
    text: workflow(`key: sku\n${ends}\nreconcile: { measures: [quantity], ignore: [quantity] }`),
    says: 'workflows.stock.reconcile.measures adds up quantity, which ignore leaves out',
  },
  {
    reason: 'A total of no measure',
    text: workflow(`key: sku\n${ends}\nreconcile: { measures: [quantity], totals: { quantitty: 1 } }`),
    says: 'workflows.stock.reconcile.totals.quantitty names no measure; did you mean quantity?',
  },
  {
    reason: 'A size without a unit',
    text: workflow(`key: sku\n${ends}\nreconcile: { memory: '256' }`),
    says: 'workflows.stock.reconcile.memory must be a size such as 256MB or 2GB',
  },
  {
    reason: 'Sorted sides, and nothing that says what to compare of them',
    text: workflow(`key: sku\n${ends}\nreconcile: { sorted: true }`),
    says: ':10: workflows.stock.reconcile.sorted needs to know what is compared before the first record is read: name it under fields',
  },
  {
    reason: 'An order of its own',
    text: workflow(`key: sku\n${ends}\nreconcile: { sorted: by name, fields: [name] }`),
    says: ':10: workflows.stock.reconcile.sorted must be true or false',
  },
  {
    reason: 'A setting that a reader of the target does not have',
    text: workflow(`key: sku\n${ends}\nreconcile: { read: { stream: stock_view, tabel: stock } }`),
    says: 'workflows.stock.reconcile.read.tabel is not known',
  },
  { reason: 'Text that is not YAML', text: 'tieout: 1\nconnections: { a: [ }\n', says: ':2: is not YAML' },
  {
    reason: 'The same name twice',
    text: workflow(`key: sku\nkey: sku\n${ends}`),
    says: ':8: is not YAML: Map keys must be unique',
  },
  {
    reason: 'A name that cannot be part of a file name',
    text: workflow(`key: sku\n${ends}`).replace('  stock:', '  "../stock":'),
    says: 'must be a letter or digit, then letters, digits, _ and -',
  },
]
