import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../support/command-line'
import { folderWith } from '../support/folder'

const definition = `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    title: Stock of the shop
    schema:
      properties: { sku: { type: string, minLength: 2 }, qty: { $ref: '#/$defs/pieces' } }
      $defs: { pieces: { type: integer, minimum: 0 } }
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
`

const folder = folderWith({ 'tieout.yaml': definition })
const tieout = commandLine(folder.path)
afterAll(() => {
  folder.remove()
})

test('a document for one workflow knows the fields of its records', async () => {
  const { exit, out, err } = await tieout('emit', 'openapi', '--workflow', 'stock')
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(JSON.parse(out)).toMatchObject({
    openapi: '3.1.1',
    info: { title: 'Tieout: Stock of the shop' },
    paths: { '/v1/workflows/stock/records': {}, '/v1/workflows/stock/runs': {} },
    components: {
      schemas: {
        Record: { properties: { qty: { $ref: '#/components/schemas/Record.pieces' } } },
        'Record.pieces': { type: 'integer', minimum: 0 },
      },
    },
  })
})

test('the whole API goes to a file, in 3.0 for importers that stop there, without any definition', async () => {
  const empty = folderWith({})
  const { exit, out } = await commandLine(empty.path)(
    'emit',
    'openapi',
    '--openapi',
    '3.0',
    '--out',
    'api.json',
  )
  expect({ exit, out }).toEqual({ exit: 0, out: '' })
  expect(JSON.parse(readFileSync(join(empty.path, 'api.json'), 'utf8'))).toMatchObject({ openapi: '3.0.4' })
  empty.remove()
})

test('a workflow that is not there is named, with the nearest that is', async () => {
  const { exit, err } = await tieout('emit', 'openapi', '--workflow', 'stok')
  expect(exit).toBe(2)
  expect(err).toContain('There is no workflow stok')
  expect(err).toContain('stock')
})
