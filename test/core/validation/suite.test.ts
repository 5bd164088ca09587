import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { createAjvValidator } from '../../../shared/adapters/validator'
import type { JsonSchema, Validator } from '../../../shared/core/ports'
import type { DataRecord } from '../../../shared/core/record/value'
import { createInterpretingValidator } from '../../../shared/core/validation/interpreting'
import { knownDifferences } from './known-differences'

// github.com/json-schema-org/JSON-Schema-Test-Suite: the required tests of both drafts, and the formats that we promise
const suite = join(__dirname, '../../fixtures/json-schema-test-suite')

const validators = { ajv: createAjvValidator, interpreting: createInterpretingValidator }

const drafts = [
  { draft: '7', folder: 'draft7', address: 'http://json-schema.org/draft-07/schema#' },
  { draft: '2020-12', folder: 'draft2020-12', address: 'https://json-schema.org/draft/2020-12/schema' },
] as const

interface Group {
  description: string
  schema: JsonSchema
  tests: { description: string; data: DataRecord; valid: boolean }[]
}

describe.each(['ajv', 'interpreting'] as const)('%s', (name) => {
  test.each(drafts)(
    'judges as JSON Schema $draft says, but for the known differences',
    ({ draft, folder, address }) => {
      const validator = validators[name](remotes(folder))
      const root = join(suite, 'tests', folder)
      const unlike: string[] = []
      let cases = 0
      for (const file of filesIn(root)) {
        const groups = parse(join(root, file))
        for (const group of isGroups(groups) ? groups : []) {
          const schema = withDraft(group.schema, address)
          for (const { description, data, valid } of group.tests) {
            cases++
            if (verdict(validator, schema, data) !== valid)
              unlike.push(`${file} | ${group.description} | ${description}`)
          }
        }
      }
      const known = knownDifferences
        .filter((each) => each.draft === draft && each.validators.includes(name))
        .flatMap((each) => each.cases.map(toPattern))
      expect(cases).toBeGreaterThan(1000)
      expect(unlike.filter((each) => !known.some((pattern) => pattern.test(each)))).toEqual([])
      expect(known.filter((pattern) => !unlike.some((each) => pattern.test(each)))).toEqual([])
    },
  )
})

/** Undefined where there is no verdict: the schema was refused, or a remote that it refers to led nowhere. */
function verdict(validator: Validator, schema: JsonSchema, data: DataRecord): boolean | undefined {
  try {
    return validator.compile(schema)(data) === undefined
  } catch {
    return undefined
  }
}

function withDraft(schema: JsonSchema, address: string): JsonSchema {
  return typeof schema === 'boolean' || '$schema' in schema ? schema : { $schema: address, ...schema }
}

/** The suite's remotes are served at localhost:1234; those of other drafts are left out. */
function remotes(folder: string): Record<string, JsonSchema> {
  const root = join(suite, 'remotes')
  const found: Record<string, JsonSchema> = {}
  for (const file of filesIn(root)) {
    const schema = parse(join(root, file))
    const elsewhere = file.startsWith('draft') && !file.startsWith(folder + '/')
    if (!elsewhere && isSchema(schema)) found[`http://localhost:1234/${file}`] = schema
  }
  return found
}

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

function parse(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** What a group holds, the suite guarantees by a schema of its own. */
function isGroups(parsed: unknown): parsed is Group[] {
  return Array.isArray(parsed)
}

function isSchema(parsed: unknown): parsed is JsonSchema {
  return typeof parsed === 'boolean' || (typeof parsed === 'object' && parsed !== null)
}

function toPattern(cases: string): RegExp {
  const literal = cases.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`)
}
