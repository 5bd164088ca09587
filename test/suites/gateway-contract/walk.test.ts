// Every operation of the table, called in ways that its schemas allow and in ways that nobody foresaw: the gateway
// never fails, always answers what the contract says, and does the same thing once when it is asked twice.
/* eslint-disable @typescript-eslint/no-unsafe-type-assertion -- matchers, and a verb that the table does not have */
import * as fc from 'fast-check'
import { operations, type Operation } from '../../../shared/contract/operations'
import type { TestGateway } from '../../support/gateway'
import { fitting, garbled, wild } from './arbitrary'
import { answered, complaints, type Answered } from './judge'
import { gatewayWithThings, type Things } from './things'

const table = Object.entries<Operation>(operations)
const RUNS = 12

let gateway: TestGateway
let key: string
let things: Things
beforeAll(async () => {
  ;({ gateway, key, things } = await gatewayWithThings())
})
afterAll(() => gateway.close())

interface Asked {
  operation: Operation
  parameters: ReadonlyMap<string, string>
  headers?: Readonly<Record<string, string>>
  body?: string
}

function ask({ operation, parameters, headers: more = {}, body }: Asked): Promise<Answered> {
  const query = new URLSearchParams()
  const headers: Record<string, string> = { 'x-api-key': key }
  let path = operation.path
  for (const parameter of operation.parameters) {
    const value = parameters.get(parameter.name)
    if (value === undefined) continue
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value))
    if (parameter.in === 'query') query.set(parameter.name, value)
    // what cannot stand in a header never arrives
    if (parameter.in === 'header') headers[parameter.name] = value.replace(/[^\x20-\x7e]/g, '?')
  }
  const { method } = operation
  if (body !== undefined) headers['content-type'] = firstType(operation)
  const url = `${gateway.url}${path.replace(/\{\w+\}/g, 'nothing')}?${query.toString()}`
  return answered(
    fetch(url, { method, headers: { ...headers, ...more }, ...(method === 'GET' ? {} : { body }) }),
  )
}

function firstType({ request }: Operation): string {
  const types = Object.keys(request?.content ?? {})
  return types.includes('application/json') ? 'application/json' : (types[0] ?? 'application/json')
}

/** Values that lead somewhere, or to things that are not there. */
function sensible({ parameters }: Operation): fc.Arbitrary<Map<string, string>> {
  const values = parameters.map(({ name, schema }) => {
    if (name === 'wait') return fc.constant('0')
    if (name === 'Prefer') return fc.constantFrom('respond-async', 'wait=1')
    const [there = [], any] = [things.get(name), fitting(schema).map(String)]
    return there.length === 0
      ? any
      : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...there) }, { weight: 1, arbitrary: any })
  })
  return fc.tuple(...values).map((all) => new Map(parameters.map(({ name }, at) => [name, all[at] ?? ''])))
}

function garbledParameters({ parameters }: Operation): fc.Arbitrary<Map<string, string>> {
  const named = parameters.filter(({ name }) => name !== 'wait' && name !== 'Prefer')
  // an empty part of a path is another path, and dots are taken out by every client
  const values = named.map((parameter) =>
    garbled(parameter, things.get(parameter.name)).map((text) =>
      parameter.in === 'path' && /^\.*$/.test(text) ? 'x' : text,
    ),
  )
  return fc.tuple(...values).map((all) => new Map(named.map(({ name }, at) => [name, all[at] ?? ''])))
}

function bodies({ request }: Operation): fc.Arbitrary<string | undefined> {
  const content = request?.content['application/json']
  if (!request) return fc.constant(undefined)
  if (!content) return fc.string({ unit: 'grapheme' })
  return fc
    .tuple(fitting(content.schema), fc.boolean())
    .map(([value, led]) => JSON.stringify(led ? there(value) : value))
}

/** The same body about exceptions that are there. */
function there(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const ids = things.get('exception')?.map(Number)
  return {
    ...value,
    ...('ids' in value ? { ids } : {}),
    ...('group' in value ? { group: things.get('group')?.[0] } : {}),
  }
}

describe.each(table)('%s', (_id, operation) => {
  test('keeps to the contract with what its schemas take', async () => {
    await fc.assert(
      fc.asyncProperty(sensible(operation), bodies(operation), async (parameters, body) => {
        expect(complaints(operation, await ask({ operation, parameters, body: body ?? '' }))).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  test('keeps to the contract with whatever else arrives', async () => {
    const body = fc.oneof(
      wild.map((value) => JSON.stringify(value)),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '',
        '{',
        '{"a":1,"a":2}',
        '\ufeff{}',
        '['.repeat(5000),
        '{"__proto__":1}',
        '12345678901234567890',
      ),
    )
    await fc.assert(
      fc.asyncProperty(garbledParameters(operation), body, async (parameters, body) => {
        const answer = await ask({ operation, parameters, body })
        // a garbled path may lead to nothing, or elsewhere
        if (!/"code":"(ROUTE_UNKNOWN|METHOD_NOT_ALLOWED)"/.test(answer.text))
          expect(complaints(operation, answer)).toEqual([])
        expect(answer.status).toBeLessThan(500)
      }),
      { numRuns: RUNS },
    )
  })

  test('says no to another verb, to nobody, and to formats that it does not have', async () => {
    const [parameters = new Map<string, string>()] = fc.sample(sensible(operation), { numRuns: 1, seed: 7 })
    const other = await ask({ operation: { ...operation, method: 'TRACE' as 'GET' }, parameters }).catch(
      () => undefined,
    )
    expect(other?.status ?? 405).toBe(405)
    const put = await ask({ operation: { ...operation, method: unused(operation) }, parameters, body: '' })
    expect({ status: put.status, allow: put.headers.get('allow') }).toEqual({
      status: 405,
      allow: expect.stringContaining(operation.method) as string,
    })
    if (operation.access === 'public') return
    const nobody = await ask({ operation, parameters, headers: { 'x-api-key': '' }, body: '' })
    expect(nobody.status).toBe(401)
    expect(nobody.headers.get('www-authenticate')).not.toBeNull()
    expect(complaints(operation, nobody)).toEqual([])
    if (parameters.has('format')) return
    const tea = await ask({ operation, parameters, headers: { accept: 'application/x-tea' }, body: '' })
    expect([400, 404, 406]).toContain(tea.status)
    expect(complaints(operation, tea)).toEqual([])
  })
})

function unused({ path }: Operation): Operation['method'] {
  const used = table.filter(([, other]) => patternOf(other.path).test(path)).map(([, { method }]) => method)
  return (['PATCH', 'PUT', 'DELETE'] as const).find((method) => !used.includes(method)) ?? 'PATCH'
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)
}

const lists = table.filter(([, { parameters }]) =>
  ['after', 'limit'].every((wanted) => parameters.some(({ name }) => name === wanted)),
)

/** Nothing stands of what was decided, and one reconciliation was made. */
const EMPTY = ['listDecisions', 'listReconciliations']

test.each(lists)('%s has in pages of one what it has in one page', async (id, operation) => {
  const page = async (limit: number, after: string): Promise<{ items: unknown[]; next?: string }> => {
    const path = operation.parameters.filter((parameter) => parameter.in === 'path')
    const where = path.map(({ name }) => [name, things.get(name)?.[0] ?? ''] as const)
    const parameters = new Map([...where, ['limit', String(limit)], ['after', after]])
    return JSON.parse((await ask({ operation, parameters })).text) as { items: unknown[]; next?: string }
  }
  // what the log of requests says of these calls comes on top of it
  const { items } = await page(20, '')
  if (!EMPTY.includes(id)) expect(items.length).toBeGreaterThan(1)
  const found: unknown[] = []
  for (let after = ''; found.length < items.length;) {
    const one = await page(1, after)
    expect(one.items).toHaveLength(1)
    found.push(...one.items)
    after = one.next ?? ''
    if (after === '') break
  }
  expect(found).toHaveLength(items.length)
  expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(items.length)
})

const keyed = table.filter(([, { repeat }]) => repeat === 'key')

test.each(keyed)('%s answers a repeat as the first time', async (id, operation) => {
  const [parameters = new Map<string, string>()] = fc.sample(sensible(operation), { numRuns: 1, seed: 11 })
  parameters.set('Idempotency-Key', `"walk-${id}"`)
  const example = Object.values(operation.request?.content[firstType(operation)]?.examples ?? {})[0]
  const body = example === undefined ? '' : JSON.stringify(example)
  const first = await ask({ operation, parameters, body })
  const again = await ask({ operation, parameters, body })
  expect({ status: again.status, body: timeless(again.text) }).toEqual({
    status: first.status,
    body: timeless(first.text),
  })
})

/** A refusal is not kept, so its request id is new. */
function timeless(text: string): string {
  return text.replace(/req_[0-9a-f]+/g, 'req')
}

const json = table.filter(
  ([, { request }]) => request?.content['application/json'] && request.streamed !== true,
)

test.each(json)('%s does not take what is no JSON for it', async (_, operation) => {
  const [parameters = new Map<string, string>()] = fc.sample(sensible(operation), { numRuns: 1, seed: 5 })
  const answer = await ask({
    operation,
    parameters,
    body: '<a/>',
    headers: { 'content-type': 'application/xml' },
  })
  expect([404, 415]).toContain(answer.status)
  expect(complaints(operation, answer)).toEqual([])
})
