import { writeFile } from 'node:fs/promises'
import { errorEntry } from '../../shared/contract/errors'
import { statusOf } from '../../shared/contract/errors/answer'
import { operations, type Operation } from '../../shared/contract/operations'
import { groups } from '../../shared/contract/operations/groups'
import type { Parameter, Response, Schema } from '../../shared/contract/operations/operation'
import { problemCodes } from '../../shared/contract/operations/problems'
import { security } from '../../shared/contract/operations/security'
import { entities } from '../../shared/contract/schemas'
import { table } from './markdown'

const TO = 'docs/reference/api.md'

type Entry = readonly [id: string, operation: Operation]

/** Every operation of the gateway, for people. */
export async function apiPage(): Promise<string> {
  const all = Object.entries(operations)
  const everywhere = commonCodes(all)
  const text = [
    '<!-- Made by npm run generate. Do not edit. -->',
    '# The API of the gateway',
    'For a program to import: `/openapi.json` (OpenAPI 3.1) and `/openapi-3.0.json` of your gateway, or `tieout emit openapi`.',
    '## Who calls',
    table(
      ['way', 'how'],
      Object.values(security).map(({ kind, description }) => [kind, description]),
    ),
    '## Errors that every operation can answer',
    codesTable(everywhere),
    ...Object.entries(groups).flatMap(([group, about]) => [
      `## ${group}`,
      about,
      ...all
        .filter(([, operation]) => operation.group === group)
        .map((entry) => operationSection(entry, everywhere)),
    ]),
    '## Objects',
    ...Object.entries(entities).map(([name, { schema }]) => objectSection(name, schema)),
  ].join('\n\n')
  await writeFile(TO, `${text}\n`)
  return TO
}

function commonCodes(all: readonly Entry[]): ReturnType<typeof problemCodes> {
  const [first, ...rest] = all
    .filter(([, { access }]) => access !== 'public')
    .map(([, operation]) => problemCodes(operation))
  return (first ?? []).filter((code) => rest.every((codes) => codes.includes(code)))
}

function operationSection([id, operation]: Entry, everywhere: ReturnType<typeof problemCodes>): string {
  const { method, path, summary, description, access, parameters, request, responses, repeat, deprecated } =
    operation
  const codes = problemCodes(operation).filter((code) => !everywhere.includes(code))
  return [
    `### ${id}`,
    `\`${method} ${path}\``,
    `**${summary}.** ${description}`,
    ...(deprecated ? [`Deprecated: works until ${deprecated.sunset}; use \`${deprecated.successor}\`.`] : []),
    `${access === 'public' ? 'Needs no credentials.' : `Needs the scope \`${access.scope}\`.`} ${REPEAT[repeat]}`,
    ...(parameters.length > 0
      ? [table(['parameter', 'in', 'what it is'], parameters.map(parameterRow))]
      : []),
    ...(request
      ? [
          `Body${request.required ? '' : ' (may be left out)'}: ${request.description} As ${typesOf(request.content)}.`,
        ]
      : []),
    table(['answer', 'what it is', 'as'], Object.entries(responses).map(answerRow)),
    ...(codes.length > 0 ? [codesTable(codes)] : []),
    `\`\`\`console\n${curl(operation)}\n\`\`\``,
  ].join('\n\n')
}

const REPEAT: Readonly<Record<Operation['repeat'], string>> = {
  safe: 'Changes nothing.',
  idempotent: 'Sent again, it has the same effect once.',
  key: 'Sent again with the same `Idempotency-Key`, it has its effect once and gets the first answer.',
}

function parameterRow({ name, in: where, required, description, schema, example }: Parameter): string[] {
  const preset = schema['default']
  const more = [
    required && where !== 'path' ? '**Needed.**' : '',
    preset === undefined
      ? ''
      : `Default \`${typeof preset === 'string' ? preset : JSON.stringify(preset)}\`.`,
    `Example: \`${String(example)}\`.`,
  ]
  return [`\`${name}\``, where, [description, ...more].filter((text) => text !== '').join(' ')]
}

function answerRow([status, { description, content }]: [string, Response]): string[] {
  return [status, description, content ? typesOf(content) : 'no body']
}

function typesOf(content: Readonly<Record<string, { schema: Schema }>>): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const name = nameIn(schema)
      return name === undefined ? `\`${type}\`` : `\`${type}\` (${name})`
    })
    .join(', ')
}

/** A link to the object that a schema is, or is a list of. */
function nameIn(schema: Schema): string | undefined {
  const name = /"#\/components\/schemas\/(\w+)"/.exec(JSON.stringify(schema))?.[1]
  return name === undefined ? undefined : `[${name}](#${name.toLowerCase()})`
}

function codesTable(codes: ReturnType<typeof problemCodes>): string {
  return table(
    ['status', 'code', 'what it means'],
    codes.map((code) => [
      String(statusOf(code)),
      `[${code}](errors.md#${code.toLowerCase()})`,
      errorEntry(code).title,
    ]),
  )
}

/** As it can be pasted, once TIEOUT_URL and TIEOUT_KEY are set. */
function curl({ method, path, access, parameters, request }: Operation): string {
  const needed = parameters.filter(({ in: where }) => where === 'path')
  const filled = needed.reduce((text, { name, example }) => text.replace(`{${name}}`, String(example)), path)
  const parts = ['curl', ...(method === 'GET' ? [] : [`-X ${method}`]), `"$TIEOUT_URL${filled}"`]
  if (access !== 'public') parts.push('-H "X-API-Key: $TIEOUT_KEY"')
  if (parameters.some(({ name }) => name === 'Idempotency-Key'))
    parts.push('-H "Idempotency-Key: $(uuidgen)"')
  const [type, content] = Object.entries(request?.content ?? {})[0] ?? []
  if (type !== undefined && content) parts.push(...bodyOf(type, Object.values(content.examples)[0]))
  return parts.join(' \\\n  ')
}

function bodyOf(type: string, example: unknown): string[] {
  if (type === 'application/json') return [`-H 'Content-Type: ${type}'`, `-d '${JSON.stringify(example)}'`]
  if (type === 'application/x-www-form-urlencoded')
    return ['-u "$CLIENT:$SECRET"', '-d grant_type=client_credentials']
  if (type === 'text/csv') return [`-H 'Content-Type: ${type}'`, '--data-binary @stock.csv']
  return [`-d '${String(example)}'`]
}

function objectSection(name: string, schema: Schema): string {
  const properties = Object.entries(asSchema(schema['properties']))
  const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : []
  const rows = properties
    .map(([property, member]) => [property, asSchema(member)] as const)
    .map(([property, inner]) => [
      `\`${property}\`${required.includes(property) ? '' : ' (may be absent)'}`,
      typeIn(inner),
      typeof inner['description'] === 'string' ? inner['description'] : '',
    ])
  const about = String(schema['description'])
  return [
    `### ${name}`,
    about,
    ...(rows.length > 0 ? [table(['member', 'type', 'what it is'], rows)] : []),
  ].join('\n\n')
}

function typeIn(schema: Schema): string {
  const { enum: choice, type } = schema
  if (Array.isArray(choice)) return choice.map((value) => `\`${String(value)}\``).join(' ')
  const named = nameIn(schema)
  if (named !== undefined) return type === 'array' ? `list of ${named}` : named
  return Array.isArray(type) ? type.join(' or ') : String(schema['format'] ?? type)
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
