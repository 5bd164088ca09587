// What a published version promised is kept: test/contract/versions has it, one file per operation, written by
// scripts/record-version.ts when the version was published. To add a version: its date first in
// shared/contract/versions.ts, then that script. The files are never changed; a promise that cannot be kept is
// one for a new version, with the old operation deprecated meanwhile.
/* eslint-disable @typescript-eslint/no-unsafe-type-assertion -- schemas are read as the data that they are; a wrong guess fails the test */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { operations, type Operation } from '../../shared/contract/operations'
import type { Schema } from '../../shared/contract/operations/operation'
import { promiseOf, type OperationPromise } from '../../shared/contract/promise'
import { VERSIONS } from '../../shared/contract/versions'
import { misfits } from '../support/contract-schemas'

const folder = join(__dirname, 'versions')

function promisesOf(version: string): [id: string, promise: OperationPromise][] {
  return readdirSync(join(folder, version)).map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(join(folder, version, file), 'utf8')) as OperationPromise,
  ])
}

/** What is broken of a promise; none where the operation of today keeps it. */
function broken(promise: OperationPromise, operation: Operation | undefined): string[] {
  if (!operation) return ['the operation is gone']
  const now = promiseOf(operation)
  const found: string[] = []
  if (`${now.method} ${now.path}` !== `${promise.method} ${promise.path}`)
    found.push('it has another address')
  for (const [name, { in: where, example }] of Object.entries(promise.parameters)) {
    const parameter = operation.parameters.find((one) => one.name === name && one.in === where)
    if (!parameter) found.push(`parameter ${name} is gone`)
    else if (misfits(parameter.schema, example).length > 0) found.push(`parameter ${name} takes less`)
  }
  for (const [name, { required }] of Object.entries(now.parameters))
    if (required && promise.parameters[name]?.required !== true) found.push(`parameter ${name} is needed now`)
  for (const [type, bodies] of Object.entries(promise.requests)) {
    const schema = operation.request?.content[type]?.schema
    if (!schema) found.push(`bodies as ${type} are not taken any more`)
    else
      found.push(...bodies.flatMap((body) => misfits(schema, body).map((why) => `a body is refused: ${why}`)))
  }
  for (const [status, byType] of Object.entries(promise.answers))
    found.push(...brokenAnswers(status, byType, now))
  return found
}

function brokenAnswers(
  status: string,
  byType: OperationPromise['answers'][string],
  now: OperationPromise,
): string[] {
  return Object.entries(byType).flatMap(([type, { schema }]) => {
    const today = now.answers[status]?.[type]
    if (!today) return [`the answer ${status} as ${type} is gone`]
    const gone = missing(schema, today.schema, '')
    return [
      ...gone,
      ...today.examples
        .flatMap((example) => misfits(schema, example))
        .map((why) => `an answer changed: ${why}`),
    ]
  })
}

/** Members of answers that were there, or always there, and are not any more. */
function missing(before: Schema, after: Schema, path: string): string[] {
  const members = Object.entries(partOf(before, 'properties')).flatMap(([name, inner]) => {
    const today = partOf(after, 'properties')[name]
    return today === undefined
      ? [`${path}/${name} is gone`]
      : missing(inner as Schema, today as Schema, `${path}/${name}`)
  })
  const always = ((before['required'] ?? []) as string[])
    .filter((name) => !((after['required'] ?? []) as string[]).includes(name))
    .map((name) => `${path}/${name} is not always there any more`)
  const type =
    JSON.stringify(before['type']) === JSON.stringify(after['type']) ? [] : [`${path} has another type`]
  const items = before['items'] ? missing(partOf(before, 'items'), partOf(after, 'items'), `${path}/*`) : []
  return [...members, ...always, ...type, ...items]
}

function partOf(schema: Schema, keyword: string): Schema {
  return (schema[keyword] ?? {}) as Schema
}

test('every published version is recorded', () => {
  expect(readdirSync(folder).sort()).toEqual([...VERSIONS].sort())
})

describe.each(VERSIONS)('version %s', (version) => {
  test.each(promisesOf(version))('%s keeps what it promised', (id, promise) => {
    expect(broken(promise, Object.entries<Operation>(operations).find(([one]) => one === id)?.[1])).toEqual(
      [],
    )
  })
})

describe('what breaks a promise is seen', () => {
  const { startRun, getCaller, listEvents } = operations
  const caller = getCaller.responses[200]?.content?.['application/json']
  const { properties, ...rest } = promiseOf(getCaller).answers['200']?.['application/json']?.schema ?? {}
  const others = Object.fromEntries(
    Object.entries(properties as Record<string, Schema>).filter(([name]) => name !== 'tenant'),
  )
  const answering = (schema: Schema, example: unknown): Operation => ({
    ...getCaller,
    responses: {
      200: { description: '', content: { 'application/json': { schema, examples: { example } } } },
    },
  })
  const example = caller?.examples['example'] as Record<string, unknown>
  const required = startRun.parameters.map((parameter) => ({ ...parameter, required: true }))
  const narrow = {
    ...startRun.request,
    content: { 'application/json': { schema: { type: 'object', required: ['kind', 'why'] }, examples: {} } },
  }

  test.each<[string, Operation, Operation]>([
    ['parameter Idempotency-Key is needed now', startRun, { ...startRun, parameters: required }],
    ['parameter wait is gone', listEvents, { ...listEvents, parameters: [] }],
    ['it has another address', startRun, { ...startRun, path: '/v2/runs' }],
    [
      'the answer 202 as application/json is gone',
      startRun,
      { ...startRun, responses: { 200: startRun.responses[200] ?? { description: '' } } },
    ],
    ['a body is refused', startRun, { ...startRun, request: narrow as NonNullable<Operation['request']> }],
    ['/tenant is gone', getCaller, answering({ ...rest, properties: others }, example)],
    [
      '/tenant has another type',
      getCaller,
      answering({ ...rest, properties: { ...(properties as object), tenant: { type: 'integer' } } }, example),
    ],
    ['an answer changed', getCaller, answering({ ...rest, properties }, { ...example, tenant: 7 })],
  ])('%s', (words, before, after) => {
    expect(broken(promiseOf(before), after).join('\n')).toContain(words)
  })
})
