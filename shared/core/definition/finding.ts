import { isList, isObject, textOf, type Value } from '../record/value'
import { startsWith, type Path } from './path'
import { didYouMean, nearest } from './nearest'

/** What a JSON Schema validator found, as ajv says it. */
export interface Finding {
  keyword: string
  path: Path
  params: Readonly<Record<string, Value>>
  /** The schema that was not met. */
  schema: Value
  /** The value that did not meet it. */
  found: unknown
  message: string
}

/** What is wrong at a place, as the rest of a sentence that begins with the place. */
export interface Complaint {
  path: Path
  message: string
}

/** A schema for people: `expected` (text) says what a pattern or a choice means. */
export function complaintsOf(findings: readonly Finding[], alsoKnown: readonly string[] = []): Complaint[] {
  // what these two tell is told by the findings within them
  const telling = withoutBranches(
    findings.filter(({ keyword }) => !['propertyNames', 'if'].includes(keyword)),
  )
  const complaints = telling.map((finding) => complaint(finding, alsoKnown))
  const texts = complaints.map(({ path, message }) => JSON.stringify([path, message]))
  return complaints.filter((_, at) => texts.indexOf(texts[at] ?? '') === at)
}

/**
 * A choice that fails reports every branch that failed. Where it doesn't say what is expected, the branches of the right
 * type tell what is wrong; where none has it, the types do.
 */
function withoutBranches(findings: readonly Finding[]): Finding[] {
  const depth = Math.min(...findings.filter(isChoice).map(({ path }) => path.length))
  // ajv tells of the outer one after those within it
  const choice = findings.findLast((finding) => isChoice(finding) && finding.path.length === depth)
  if (!choice) return [...findings]
  const within = findings.filter(({ path }) => startsWith(path, choice.path))
  const beside = withoutBranches(findings.filter((finding) => !within.includes(finding)))
  if (member(choice.schema, 'expected') !== undefined) return [choice, ...beside]

  const types = within.filter(({ keyword, path }) => keyword === 'type' && path.length === depth)
  const telling = within.filter((finding) => finding !== choice && !types.includes(finding))
  // with two types refused, what is left at the same place is only what follows from that
  const deeper = telling.some(({ path }) => path.length > depth)
  if (telling.length > 0 && (deeper || types.length < 2)) return [...withoutBranches(telling), ...beside]
  const type = types.map(({ params }) => params['type'] ?? null)
  return [types.length === 0 ? choice : { ...choice, keyword: 'type', params: { type } }, ...beside]
}

function isChoice({ keyword }: Finding): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf'
}

function complaint(finding: Finding, alsoKnown: readonly string[]): Complaint {
  const { keyword, path, params, found } = finding
  const fieldsFound = typeof found === 'object' && found !== null ? Object.keys(found) : []
  const expected = member(finding.schema, 'expected')
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = textOf(params['additionalProperty'] ?? params['unevaluatedProperty'])
      const free = [...properties(finding.schema), ...alsoKnown].filter(
        (known) => !fieldsFound.includes(known),
      )
      return { path: [...path, name], message: `is not known${didYouMean(name, free)}` }
    }
    case 'required': {
      const name = textOf(params['missingProperty'])
      const known = [...properties(finding.schema), ...alsoKnown]
      const misspelt = nearest(
        name,
        fieldsFound.filter((field) => !known.includes(field)),
      )
      const hint = misspelt === undefined ? what(finding.schema, name) : `; did you mean it by ${misspelt}?`
      return { path: [...path, name], message: `is missing${hint}` }
    }
    case 'enum': {
      const values = isList(params['allowedValues']) ? params['allowedValues'] : []
      const allowed = [...new Set(values.map((value) => textOf(value ?? 'null')))]
      const near = typeof found === 'string' ? nearest(found, allowed) : undefined
      const hint = near === undefined ? '' : `; did you mean ${near}?`
      return { path, message: `must be one of ${allowed.join(', ')}${hint}` }
    }
    case 'type':
      return { path, message: `must be ${expected ?? typeName(params['type'])}, not ${kindOf(found)}` }
    case 'minProperties':
    case 'minItems':
    case 'minLength':
      return { path, message: expected === undefined ? 'must not be empty' : `must be ${expected}` }
    case 'minimum':
    case 'maximum':
      return {
        path,
        message: `must be ${keyword === 'minimum' ? 'at least' : 'at most'} ${textOf(params['limit'])}`,
      }
    case 'uniqueItems':
      return { path, message: 'names something twice' }
    case 'oneOf': {
      const both = exclusive(finding)
      const message =
        both.length > 0 ? `has ${both.join(' and ')}, which exclude each other` : finding.message
      return { path, message }
    }
    case 'const':
      return { path, message: `must be ${textOf(params['allowedValue'])}` }
    default:
      return { path, message: expected === undefined ? finding.message : `must be ${expected}` }
  }
}

/** Members of which only one may be there, where each branch of a choice asks for one. */
function exclusive({ params, schema }: Finding): string[] {
  const branches = isObject(schema) ? schema['oneOf'] : undefined
  const passing = params['passingSchemas']
  if (!isList(branches) || !isList(passing)) return []
  return passing.flatMap((at) => {
    const branch = branches[Number(at)]
    const required = isObject(branch) ? branch['required'] : undefined
    return isList(required) ? required.map(textOf) : []
  })
}

function properties(schema: Value): string[] {
  const declared = isObject(schema) ? schema['properties'] : undefined
  return isObject(declared) ? Object.keys(declared) : []
}

function member(schema: Value, name: string): string | undefined {
  const value = isObject(schema) ? schema[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/** What a missing property is for, from its own description. */
function what(schema: Value, name: string): string {
  const declared = isObject(schema) ? schema['properties'] : undefined
  const description = member(isObject(declared) ? (declared[name] ?? null) : null, 'description')
  return description === undefined ? '' : `: ${description.replace(/\.$/, '')}`
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (name: value)',
  null: 'null',
}

function typeName(type: Value | undefined): string {
  const names = isList(type) ? type.map(textOf) : textOf(type).split(',')
  return names.map((name) => TYPES[name] ?? name).join(' or ')
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? 'a text' : typeof value === 'boolean' ? 'true or false' : 'a number'
}
