import { join } from 'node:path'
import { registry } from '../../connectors'
import { loadDefinition, type Loaded } from '../../shared/adapters/definition/load'
import { InvalidDefinition, problemText } from '../../shared/core/definition/problem'
import { personalFields } from '../../shared/core/definition/personal'
import { Fault } from '../../shared/core/fault'
import type { JsonSchema } from '../../shared/core/ports'
import { folderWith } from '../support/folder'

const stock = `tieout: 1
connections:
  files: { connector: csv }
  erp: { connector: postgres, url: \${ERP_URL} }
workflows:
  stock:
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: erp, stream: stock }
`

let remove: (() => void)[] = []
afterEach(() => {
  for (const each of remove) each()
  remove = []
})

function load(
  files: Record<string, string | Uint8Array>,
  env: Record<string, string> = {},
  secretsFile?: string,
): Promise<Loaded> {
  const folder = folderWith(files)
  remove.push(folder.remove)
  const secrets = secretsFile === undefined ? undefined : join(folder.path, secretsFile)
  return loadDefinition(join(folder.path, 'tieout.yaml'), { env, secretsFile: secrets, registry })
}

async function problems(
  files: Record<string, string | Uint8Array>,
  env: Record<string, string> = {},
): Promise<string[]> {
  const fault: unknown = await load(files, env).catch((error: unknown) => error)
  if (!(fault instanceof InvalidDefinition)) throw new Error('it was found valid')
  return fault.problems.map(problemText)
}

test('the smallest definition gets every default', async () => {
  const { definition, warnings } = await load(
    { 'tieout.yaml': stock },
    { ERP_URL: 'postgres://erp.example.com/erp' },
  )
  expect(warnings).toEqual([])
  expect(definition.connections.get('erp')).toEqual({
    name: 'erp',
    connector: 'postgres',
    settings: { url: 'postgres://erp.example.com/erp' },
  })
  expect(definition.workflows.get('stock')).toEqual({
    name: 'stock',
    title: 'stock',
    personal: [],
    key: ['sku'],
    source: { connection: 'files', stream: 'stock.csv', settings: {} },
    target: { connection: 'erp', stream: 'stock', settings: {} },
    sync: {
      mode: 'upsert',
      deletes: 'none',
      deleteScope: 'target',
      concurrency: 4,
      checkpointEvery: 10_000,
      guards: { deletes: { share: 0.1 }, rejects: { share: 0.2 } },
      bisectionBudget: 200,
      retry: { attempts: 6, forMs: 900_000 },
    },
    reconcile: {
      match: [
        {
          on: [{ field: 'sku', trim: false, fold: false, stripZeros: false, values: {}, withinDays: 0 }],
          pairing: 'one-to-one',
          sum: [],
        },
      ],
      compare: {},
      ignore: [],
      dimensions: [],
      measures: [],
      totals: {},
      memory: 256 * 1024 * 1024,
      sorted: false,
      exceptions: false,
    },
    exceptions: { dueMs: 3 * 86_400_000, retentionMs: 90 * 86_400_000 },
  })
})

test('a mirror deletes for good unless told otherwise', async () => {
  const text = stock.replace('key: sku', 'key: sku\n    sync: { mode: mirror }')
  const { definition } = await load({ 'tieout.yaml': text }, { ERP_URL: 'postgres://x' })
  expect(definition.workflows.get('stock')?.sync).toMatchObject({ mode: 'mirror', deletes: 'hard' })
})

test('everything that is wrong is told at once, in the order of the file', async () => {
  const text = stock
    .replace('connector: csv', 'connector: cvs')
    .replace('key: sku', 'key: sku\n    sync: { mdoe: mirror, batch: none }')
    .replace('connection: files', 'connection: fiels')
  expect(await problems({ 'tieout.yaml': text })).toEqual([
    'tieout.yaml:3: connections.files.connector names no connector; did you mean csv?',
    'tieout.yaml:4: connections.erp.url needs ERP_URL, which has no value; set it in the environment, in .tieout/secrets.env or in a file given with --secrets',
    'tieout.yaml:8: workflows.stock.sync.mdoe is not known; did you mean mode?',
    'tieout.yaml:8: workflows.stock.sync.batch must be a whole number, not a text',
    'tieout.yaml:9: workflows.stock.source.connection names no connection; did you mean files?',
  ])
})

describe('references', () => {
  test('come from the environment first, then from the secrets file', async () => {
    const files = {
      'tieout.yaml': stock,
      '.tieout/secrets.env': '# made by hand\nERP_URL="postgres://file"\n',
    }
    const fromFile = await load(files)
    expect(fromFile.definition.connections.get('erp')?.settings).toEqual({ url: 'postgres://file' })
    const fromEnvironment = await load(files, { ERP_URL: 'postgres://environment' })
    expect(fromEnvironment.definition.connections.get('erp')?.settings).toEqual({
      url: 'postgres://environment',
    })
  })

  test('come from a file that begins with a byte order mark, as Notepad writes it', async () => {
    const { definition } = await load({
      'tieout.yaml': stock,
      '.tieout/secrets.env': '\ufeffERP_URL=postgres://file\r\n',
    })
    expect(definition.connections.get('erp')?.settings).toEqual({ url: 'postgres://file' })
  })

  test('cannot come from a folder', async () => {
    await expect(load({ 'tieout.yaml': stock, 'folder/other.env': '' }, {}, 'folder')).rejects.toMatchObject({
      code: 'FILE_NOT_READABLE',
    })
  })

  test('come from the file that was asked for, which has to be there', async () => {
    const loaded = await load(
      { 'tieout.yaml': stock, 'other.env': 'ERP_URL=postgres://other' },
      {},
      'other.env',
    )
    expect(loaded.definition.connections.get('erp')?.settings).toEqual({ url: 'postgres://other' })
    await expect(load({ 'tieout.yaml': stock }, {}, 'none.env')).rejects.toMatchObject({
      code: 'SECRETS_FILE_NOT_FOUND',
    })
  })

  test('may stand inside a text, in block and flow style, and keep the lines right', async () => {
    const text = stock
      .replace('{ connector: csv }', '\n    connector: csv\n    folder: ${ROOT}/in # a ${COMMENT}')
      .replace('key: sku', 'kee: sku')
    expect((await problems({ 'tieout.yaml': text }, { ERP_URL: 'x', ROOT: '/data' }))[0]).toMatch(
      /^tieout\.yaml:8: /,
    )
    const { definition } = await load(
      { 'tieout.yaml': text.replace('kee', 'key') },
      { ERP_URL: 'x', ROOT: '/data' },
    )
    expect(definition.connections.get('files')?.settings).toEqual({ folder: '/data/in' })
  })

  test('become numbers and booleans where the connector wants them', async () => {
    const text = stock
      .replace('connector: csv', 'connector: csv, header: ${HEADER}')
      .replace('url: ${ERP_URL}', 'port: ${PORT}, password: ${PASSWORD}')
    const { definition } = await load(
      { 'tieout.yaml': text },
      { HEADER: 'false', PORT: '5433', PASSWORD: '12345' },
    )
    expect(definition.connections.get('files')?.settings).toEqual({ header: false })
    expect(definition.connections.get('erp')?.settings).toEqual({ port: 5433, password: '12345' })
    expect(await problems({ 'tieout.yaml': text }, { HEADER: 'false', PORT: 'many', PASSWORD: 'x' })).toEqual(
      ['tieout.yaml:4: connections.erp.port must be a whole number, not a text'],
    )
  })
})

describe('secrets', () => {
  const literal = stock
    .replace('url: ${ERP_URL}', 'host: erp.example.com, password: hunter2')
    .replace(
      'connector: csv }',
      'connector: csv }\n  web: { connector: http, baseUrl: "https://u:hunter2@api.example.com", headers: { X-Api-Key: hunter2 } }',
    )

  test('in the file are warned of, with the name to use instead', async () => {
    const { warnings } = await load({ 'tieout.yaml': literal })
    expect(warnings.map(problemText)).toEqual([
      'tieout.yaml:4: connections.web.baseUrl has a password in its address; write ${WEB_BASEURL} and put the value in the environment or in .tieout/secrets.env',
      'tieout.yaml:4: connections.web.headers.X-Api-Key is a secret in the file; write ${WEB_HEADERS_X_API_KEY} and put the value in the environment or in .tieout/secrets.env',
      'tieout.yaml:5: connections.erp.password is a secret in the file; write ${ERP_PASSWORD} and put the value in the environment or in .tieout/secrets.env',
    ])
  })

  test('are not meant by a proxy without a password', async () => {
    const proxied = (proxy: string) =>
      load({ 'tieout.yaml': literal.replace('headers: { X-Api-Key: hunter2 }', `proxy: "${proxy}"`) })
    const warned = async (proxy: string) =>
      (await proxied(proxy)).warnings.map(problemText).filter((text) => text.includes('web.proxy'))
    expect(await warned('none')).toEqual([])
    expect(await warned('http://proxy.example.com:3128')).toEqual([])
    expect(await warned('http://me:hunter2@proxy.example.com:3128')).toHaveLength(1)
  })

  test('are in no message, even when they are wrong', async () => {
    const text = stock.replace('url: ${ERP_URL}', 'port: ${SECRET}, url: [hunter2]')
    const said = await problems({ 'tieout.yaml': text }, { SECRET: 'hunter2' })
    expect(said.join('\n')).not.toContain('hunter2')
    expect(said).toHaveLength(2)
  })
})

describe('schemas', () => {
  const withSchema = stock.replace('key: sku', 'key: sku\n    schema: ./stock.schema.json')
  const env = { ERP_URL: 'postgres://x' }

  test('name the fields with personal data', async () => {
    const schema = {
      properties: {
        sku: { type: 'string' },
        email: { type: 'string', personal: true },
        address: { properties: { street: { personal: true } } },
      },
    }
    const files = { 'tieout.yaml': withSchema, 'stock.schema.json': JSON.stringify(schema) }
    const { definition } = await load(files, env)
    expect(definition.workflows.get('stock')?.personal).toEqual(['email', 'address'])
    expect(definition.workflows.get('stock')?.schema).toEqual(schema)
  })

  const personalIn = async (schema: JsonSchema) => {
    const files = { 'tieout.yaml': withSchema, 'stock.schema.json': JSON.stringify(schema) }
    return (await load(files, env)).definition.workflows.get('stock')?.personal
  }

  test('name them also where it stands behind a reference or in a part of the schema', async () => {
    const person = { type: 'string', personal: true }
    const schema: JsonSchema = {
      $defs: {
        person,
        'by/hand': { properties: { counter: { $ref: '#/$defs/person' }, twin: { $ref: '#/$defs/twin' } } },
        twin: { properties: { twin: { $ref: '#/$defs/twin' } } },
      },
      properties: {
        sku: { type: 'string' },
        buyers: { type: 'array', items: { $ref: '#/$defs/person' } },
        broken: { $ref: '#/$defs/none%' },
      },
      allOf: [
        { $ref: '#/$defs/by~1hand' },
        { if: { required: ['sku'] }, then: { properties: { phone: person } } },
      ],
      dependentSchemas: { sku: { properties: { email: person } } },
    }
    expect(personalFields(schema, undefined).sort()).toEqual(['buyers', 'counter', 'email', 'phone'])
    expect(await personalIn({ personal: true, properties: { sku: {}, name: {} } })).toEqual(['sku', 'name'])
  })

  test('that call fields personal whose names they do not tell are refused', async () => {
    for (const keyword of ['additionalProperties', 'patternProperties']) {
      const rest = { type: 'string', personal: true }
      const schema = {
        properties: { sku: {} },
        [keyword]: keyword === 'patternProperties' ? { '^p_': rest } : rest,
      }
      const files = { 'tieout.yaml': withSchema, 'stock.schema.json': JSON.stringify(schema) }
      expect((await problems(files, env)).join()).toContain(`says personal: true in ${keyword}`)
    }
  })

  test('that are wrong are told with their own file and line', async () => {
    const wrong = '{\n  "type": "object",\n  "properties": {\n    "sku": { "type": "text" }\n  }\n}\n'
    expect((await problems({ 'tieout.yaml': withSchema, 'stock.schema.json': wrong }, env))[0]).toMatch(
      /^\.\/stock\.schema\.json:4: .*not a valid JSON Schema/,
    )
    expect(
      (await problems({ 'tieout.yaml': withSchema, 'stock.schema.json': '{ "type": ' }, env))[0],
    ).toMatch(/^\.\/stock\.schema\.json:1: is not YAML/)
  })
})

test('numbers keep the digits that stand in the file', async () => {
  const text = stock.replace(
    'key: sku',
    'key: sku\n    map: { sku: sku, big: { value: 12345678901234567890 } }',
  )
  const { definition } = await load({ 'tieout.yaml': text }, { ERP_URL: 'x' })
  expect(JSON.stringify(definition.workflows.get('stock')?.map)).toContain('12345678901234567890')
})

test('a definition that is not there is a fault that names the folder', async () => {
  const fault: unknown = await loadDefinition('/nowhere/tieout.yaml', { env: {}, registry }).catch(
    (error: unknown) => error,
  )
  expect(fault).toBeInstanceOf(Fault)
  expect(fault).toMatchObject({
    code: 'DEFINITION_NOT_FOUND',
    detail: 'There is no tieout.yaml in /nowhere.',
  })
})

describe('a file', () => {
  const files = stock.replace('erp: {', 'erp: { ssl: { mode: disable },').replace('sku\n', 'größe\n')
  const env = { ERP_URL: 'postgres://erp' }

  test('may be UTF-16, as PowerShell writes it', async () => {
    const { definition } = await load({ 'tieout.yaml': Buffer.from(`\ufeff${files}`, 'utf16le') }, env)
    expect(definition.workflows.get('stock')?.key).toEqual(['größe'])
  })

  test('is not read with letters that it does not have', async () => {
    expect(await problems({ 'tieout.yaml': Buffer.from(files, 'latin1') }, env)).toEqual([
      'tieout.yaml:1: is neither UTF-8 nor UTF-16; save it as UTF-8',
    ])
  })

  test('may repeat a part, but not within itself', async () => {
    const twice = stock.replace('stock:\n', 'stock: &stock\n') + '  again: *stock\n'
    expect((await load({ 'tieout.yaml': twice }, env)).definition.workflows.size).toBe(2)
    expect(await problems({ 'tieout.yaml': 'tieout: 1\nconnections: &all { files: *all }\n' })).toEqual([
      'tieout.yaml:2: puts &all into itself by *all',
    ])
  })

  test('merges nothing, and says so once', async () => {
    const merged = `${stock.replace('stock:\n', 'stock: &stock\n')}  again:\n    <<: *stock\n    key: ean\n`
    expect(await problems({ 'tieout.yaml': merged }, env)).toEqual([
      'tieout.yaml:11: merges a part by <<, which is not read; write its lines out, or repeat a whole part by *name',
    ])
  })

  test('is one document', async () => {
    expect(await problems({ 'tieout.yaml': `${stock}---\n${stock}` }, env)).toEqual([
      'tieout.yaml:10: begins a second document (---); one is read',
    ])
  })
})
