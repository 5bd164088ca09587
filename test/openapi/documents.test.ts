// The OpenAPI documents, judged by a program that has nothing to do with ours.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromContract } from '../../openapi/emit/from-contract'
import type { Document } from '../../openapi/emit/model'
import { write } from '../../openapi/emit/write'
import { operations } from '../../shared/contract/operations'
import { VERSIONS } from '../../shared/contract/versions'

const folder = mkdtempSync(join(tmpdir(), 'tieout-openapi-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const workflow = {
  name: 'inventory',
  title: 'Nightly inventory',
  schema: {
    type: 'object',
    properties: {
      sku: { type: 'string', pattern: '^[0-9]{5}$', examples: ['00042'] },
      quantity: { type: ['integer', 'null'], exclusiveMinimum: -1 },
      kind: { const: 'stock' },
      size: { $ref: '#/$defs/size', description: 'Of one piece.' },
      parts: { type: 'array', items: { $ref: '#' } },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    },
    required: ['sku', 'kind'],
    $defs: { size: { type: 'object', properties: { mm: { type: 'number', minimum: 2 } }, required: ['mm'] } },
  },
}

describe.each(['3.1', '3.0'] as const)('OpenAPI %s', (openapi) => {
  const document = fromContract({ openapi, version: VERSIONS[0] })

  test('is valid, every reference in it leads somewhere', () => {
    expectValid(document)
  })

  test('has every operation of the table, once', () => {
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    )
    expect(ids.sort()).toEqual(Object.keys(operations).sort())
  })

  test('is valid with the records of a workflow, whose name stands in the paths', () => {
    const own = fromContract({ openapi, version: VERSIONS[0], workflow })
    expectValid(own)
    const put = own.paths['/v1/workflows/inventory/records/{key}']?.put
    expect(put?.requestBody?.content['application/json']).toMatchObject({
      schema: { $ref: '#/components/schemas/Record' },
      examples: { example: { value: { sku: '00042', kind: 'stock', size: { mm: 2 } } } },
    })
    expect(Object.keys(own.paths).filter((path) => path.includes('{workflow}'))).toEqual([])
    expect(put?.parameters?.map((parameter) => ('name' in parameter ? parameter.name : ''))).not.toContain(
      'workflow',
    )
  })

  test('that is committed is what the contract says now', () => {
    const file = openapi === '3.1' ? 'openapi.json' : 'openapi-3.0.json'
    const committed = readFileSync(join(__dirname, '../../openapi', file), 'utf8')
    // npm run generate
    expect(committed === write(document)).toBe(true)
  })
})

test('3.0 says in its own words what 3.1 says in those of JSON Schema', () => {
  const { Record } = fromContract({ openapi: '3.0', version: VERSIONS[0], workflow }).components.schemas
  expect(Record).toEqual({
    type: 'object',
    properties: {
      sku: { type: 'string', pattern: '^[0-9]{5}$', example: '00042' },
      quantity: { type: 'integer', nullable: true, minimum: -1, exclusiveMinimum: true },
      kind: { enum: ['stock'] },
      size: { description: 'Of one piece.', allOf: [{ $ref: '#/components/schemas/Record.size' }] },
      parts: { type: 'array', items: { $ref: '#/components/schemas/Record' } },
      note: { nullable: true, anyOf: [{ type: 'string' }] },
    },
    required: ['sku', 'kind'],
  })
})

function expectValid(document: Document): void {
  const text = write(document)
  const file = join(folder, 'openapi.json')
  writeFileSync(file, text)
  // a module that jest cannot load, so it runs as the program it also is
  const judge = join(
    __dirname,
    '../../node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js',
  )
  const { stdout } = spawnSync(process.execPath, [judge, file], { encoding: 'utf8' })
  expect(JSON.parse(stdout)).toEqual({ valid: true })
  const references = [...text.matchAll(/"\$ref": "(#[^"]*)"/g)].map(([, reference]) => reference ?? '')
  const parsed: unknown = JSON.parse(text)
  expect([...new Set(references)].filter((reference) => at(parsed, reference) === undefined)).toEqual([])
}

function at(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (node, name) =>
        typeof node === 'object' && node !== null
          ? Object.entries(node).find(([key]) => key === name)?.[1]
          : undefined,
      document,
    )
}
