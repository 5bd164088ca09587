import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson, printJson } from '../../../shared/core/format/json'
import { compileMapping } from '../../../shared/core/mapping/compile'
import type { MappingDefinition } from '../../../shared/core/mapping/definition'
import { CountingLedger } from '../../../shared/core/record/ledger'
import { Rejection } from '../../../shared/core/record/rejection'
import { isObject, type DataRecord, type Value } from '../../../shared/core/record/value'

/**
 * scenarios/<rule>/<case>.json holds a mapping, a record, and what becomes of it: `out` (its fields in this order) or
 * `rejection`, and what the ledger counts. Where digits matter that JSON's reader drops, `out` is JSON text.
 */
const folder = join(__dirname, 'scenarios')

describe.each(readdirSync(folder))('%s', (rule) => {
  test.each(readdirSync(join(folder, rule)).map((file) => file.replace('.json', '')))('%s', (name) => {
    const scenario = read(join(folder, rule, name + '.json'))
    const record = object(scenario['in'])
    const before = printJson(record)
    const ledger = new CountingLedger()
    const schema = scenario['schema'] === undefined ? undefined : object(scenario['schema'])
    const mapper = compileMapping(mapping(scenario['map']), { schema, typed: scenario['typed'] !== false })
    const result = mapper.map(record, ledger)
    if (result instanceof Rejection) expect(plain(result)).toEqual(scenario['rejection'])
    else expect(printJson(result)).toBe(text(scenario['out']))
    expect(ledger.take()).toEqual(scenario['ledger'])
    expect(printJson(record)).toBe(before)
  })
})

function read(path: string): DataRecord {
  return object(parseJson(readFileSync(path, 'utf8')))
}

function text(out: Value | undefined): string {
  return typeof out === 'string' ? out : printJson(object(out))
}

function plain({ code, message, pointer }: Rejection): object {
  return pointer === undefined ? { code, message } : { code, message, pointer }
}

function object(value: Value | undefined): DataRecord {
  if (isObject(value)) return value
  throw new Error('the scenario lacks an object')
}

/** That scenarios use the mapping language rightly, compileMapping and the results show. */
function mapping(value: Value | undefined): MappingDefinition | undefined {
  return isMapping(value) ? value : undefined
}

function isMapping(value: Value | undefined): value is Value & MappingDefinition {
  return isObject(value)
}
