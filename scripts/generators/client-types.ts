import { writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { operations, type Operation } from '../../shared/contract/operations'
import type { Schema } from '../../shared/contract/operations/operation'
import { entities } from '../../shared/contract/schemas'
import { declaration, typeOf, type SchemaNode } from './types'

const TO = 'shared/generated/client-types.ts'
/** Made once by the client for each call. */
const BY_CLIENT = 'Idempotency-Key'
const JSON_TYPE = 'application/json'

/** What the operations of the gateway take and answer, by their ids: the types of the client. */
export async function clientTypes(): Promise<string> {
  const table = Object.entries(operations)
  const groups = [
    '/** Answered with one JSON object. */',
    group(
      'Calls',
      table.filter(([, operation]) => isCall(operation)),
      (operation) => [['answer', answerOf(operation)]],
    ),
    '/** With a body of any size in one of these formats. */',
    group(
      'Uploads',
      table.filter(([, { request }]) => request?.streamed === true),
      (operation) => [
        ['mediaType', literals(Object.keys(operation.request?.content ?? {}))],
        ['answer', answerOf(operation)],
      ],
    ),
    '/** Answered with bytes in one of these formats. */',
    group(
      'Downloads',
      table.filter(([, operation]) => isDownload(operation)),
      (operation) => [['mediaType', literals([...new Set(mediaTypes(operation))])]],
    ),
  ].join('\n\n')
  const objects = Object.entries(entities)
    .filter(([name]) => nameOf(name) === name)
    .map(([name, { schema }]) => ({
      name,
      text: declaration(name, node(schema), { exported: true, nameOf }),
    }))
  // a problem can be the answer of every operation
  const used = objects.filter(
    ({ name, text }) =>
      name === 'Problem' ||
      [groups, ...objects.map((other) => other.text)].some(
        (other) => other !== text && new RegExp(`\\b${name}\\b(?!')`).test(withoutComments(other)),
      ),
  )
  const body = [...used.map(({ text }) => text), groups].join('\n\n')
  const values = ['DataRecord', 'Value'].filter((name) => new RegExp(`\\b${name}\\b`).test(body))
  const text = [
    '// Made from shared/contract/operations by npm run generate. Do not edit.',
    `import type { ${values.join(', ')} } from '../core/record/value'`,
    body,
  ].join('\n\n')
  await writeFile(TO, await format(text, { ...(await resolveConfig(TO)), parser: 'typescript' }))
  return TO
}

function withoutComments(text: string): string {
  return text.replace(/\/\*\*.*?\*\//gs, '')
}

function group(
  name: string,
  members: readonly (readonly [string, Operation])[],
  more: (operation: Operation) => (readonly [string, string])[],
): string {
  const lines = members.map(([id, operation]) => {
    const types = [['input', inputOf(operation)] as const, ...more(operation)]
    const fields = types.map(([field, type]) => `${field}: ${type}`).join('\n')
    return `/** ${operation.summary}. */\n${id}: {\n${fields}\n}`
  })
  return `export interface ${name} {\n${lines.join('\n')}\n}`
}

/** Parameters by their names, and the body where it is JSON. */
function inputOf({ parameters, request }: Operation): string {
  const fields = parameters
    .filter(({ name }) => name !== BY_CLIENT)
    .map(({ name, required, description, schema }) => {
      const key = /^\w+$/.test(name) ? name : `'${name}'`
      return `/** ${description} */\n${key}${required ? '' : '?'}: ${typeOf(node(schema), nameOf)}`
    })
  const body = request?.streamed === true ? undefined : request?.content[JSON_TYPE]
  if (request && body)
    fields.push(
      `/** ${request.description} */\nbody${request.required ? '' : '?'}: ${typeOf(node(body.schema), nameOf)}`,
    )
  return fields.length === 0 ? 'Readonly<Record<string, never>>' : `{\n${fields.join('\n')}\n}`
}

function answerOf({ responses }: Operation): string {
  const types = Object.values(responses).flatMap(({ content }) => {
    const schema = content?.[JSON_TYPE]?.schema
    return schema ? [typeOf(node(schema), nameOf)] : []
  })
  return [...new Set(types)].join(' | ')
}

function isCall(operation: Operation): boolean {
  const { request, responses } = operation
  const takesJson = !request || (request.content[JSON_TYPE] !== undefined && request.streamed !== true)
  const answers = Object.values(responses).map(({ content }) => content?.[JSON_TYPE]?.schema)
  return takesJson && answers.every((schema) => schema !== undefined && schema['type'] !== 'array')
}

function isDownload(operation: Operation): boolean {
  return mediaTypes(operation).some((type) => type !== JSON_TYPE)
}

function mediaTypes({ responses }: Operation): string[] {
  return Object.values(responses).flatMap(({ content }) => Object.keys(content ?? {}))
}

function literals(texts: readonly string[]): string {
  return texts.map((text) => `'${text}'`).join(' | ')
}

/** A record of the user is what it is everywhere in the code. */
function nameOf(name: string): string {
  return name === 'Record' ? 'DataRecord' : name
}

/** The part of JSON Schema that the contract uses has types; what else stands there makes none. */
function node(schema: Schema): SchemaNode {
  return schema
}
