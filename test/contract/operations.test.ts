// The table of operations promises things in many places at once; here they are held against each other.
import { isErrorCode } from '../../shared/contract/errors'
import { statusOf } from '../../shared/contract/errors/answer'
import { operations, type Operation } from '../../shared/contract/operations'
import type { Content, Parameter, Schema } from '../../shared/contract/operations/operation'
import { problemCodes, problemExample } from '../../shared/contract/operations/problems'
import { webhooks } from '../../shared/contract/operations/webhooks'
import { entities, ref } from '../../shared/contract/schemas'
import { counterExamples } from '../../shared/contract/schemas/counter-examples'
import { misfits } from '../support/contract-schemas'

const table = Object.entries<Operation>(operations)

/** A summary says what a person does with it. */
const VERBS =
  /^(Ask|Assign|Change|Decide|Download|Drill|Find|Follow|Get|Go|Have|List|Read|Receive|See|Send|Sign|Start|Stop|Upload|Write) /

test.each(Object.entries(entities))('the example of %s fits its schema', (_, { schema, example }) => {
  expect(misfits(schema, example)).toEqual([])
})

test.each(
  Object.entries(counterExamples).flatMap(([name, examples]) =>
    examples.map(({ because, value }) => [name, because, value] as const),
  ),
)('%s is refused because %s', (name, _, value) => {
  const entity = Object.entries(entities).find(([one]) => one === name)?.[1]
  expect(misfits(entity?.schema ?? {}, value)).not.toEqual([])
})

test('every body of a request in JSON has counter-examples', () => {
  const bodies = table.flatMap(([, { request }]) => {
    const name = nameOf(request?.content['application/json']?.schema)
    return name === undefined ? [] : [name]
  })
  expect(bodies.filter((name) => !Object.hasOwn(counterExamples, name))).toEqual([])
})

describe.each(table)('%s', (_, operation) => {
  test('has examples that fit their schemas', () => {
    const contents = [
      ...Object.values(operation.request?.content ?? {}),
      ...Object.values(operation.responses).flatMap(({ content = {} }) => Object.values(content)),
    ]
    expect(contents.filter(({ examples }) => Object.keys(examples).length === 0)).toEqual([])
    expect(contents.flatMap(misfitsOfExamples)).toEqual([])
    const headers = Object.values(operation.responses).flatMap(({ headers = {} }) => Object.values(headers))
    expect(
      [...operation.parameters, ...headers].flatMap(({ schema, example }) => misfits(schema, example)),
    ).toEqual([])
  })

  test('says what one does with it', () => {
    expect(operation.summary).toMatch(VERBS)
    expect(operation.summary).not.toMatch(/\.$/)
    expect(operation.description).toMatch(/[.?]$/)
    expect(operation.parameters.filter(({ description }) => !/[.?]$/.test(description))).toEqual([])
  })

  test('names the parameters of its path, and each parameter once', () => {
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = operation.parameters.filter((parameter) => parameter.in === 'path')
    expect(declared.map(({ name }) => name)).toEqual(inPath)
    expect(declared.every(({ required }) => required)).toBe(true)
    const names = operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`)
    expect(new Set(names).size).toBe(names.length)
  })

  test('answers with success and with codes of the catalogue', () => {
    const statuses = Object.keys(operation.responses).map(Number)
    expect(statuses.length).toBeGreaterThan(0)
    expect(statuses.filter((status) => status < 200 || status > 299)).toEqual([])
    expect(operation.errors.filter((code) => !isErrorCode(code))).toEqual([])
    expect(problemCodes(operation).filter((code) => statusOf(code) < 400)).toEqual([])
  })

  test('can be sent again as it says', () => {
    const key = operation.parameters.some(({ name }) => name === 'Idempotency-Key')
    expect(operation.repeat === 'key').toBe(key)
    if (operation.method === 'GET') expect(operation.repeat).toBe('safe')
  })
})

test('method and path belong to one operation', () => {
  const routes = table.map(([, { method, path }]) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)
  expect(routes.filter((route, at) => routes.indexOf(route) !== at)).toEqual([])
})

test('a problem of every code fits the schema of problems', () => {
  const codes = [...new Set(table.flatMap(([, operation]) => problemCodes(operation)))]
  expect(codes.flatMap((code) => misfits(ref('Problem'), problemExample(code)))).toEqual([])
})

test('what a webhook gets fits its schemas', () => {
  const { headers, content } = webhooks.event
  expect(headers.flatMap(({ schema, example }: Parameter) => misfits(schema, example))).toEqual([])
  expect(Object.values(content).flatMap(misfitsOfExamples)).toEqual([])
})

function misfitsOfExamples({ schema, examples }: Content): string[] {
  return Object.values(examples).flatMap((example) => misfits(schema, example))
}

function nameOf(schema: Schema | undefined): string | undefined {
  const reference = schema?.['$ref']
  return typeof reference === 'string' ? reference.split('/').at(-1) : undefined
}
