import { parseJson } from '../../../shared/core/format/json'
import { isObject, textOf, type DataRecord, type Value } from '../../../shared/core/record/value'
import { open, rowsOf } from './connect'
import { startPlainServer, type Answered, type Asked } from './plain-server'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function searched(answer: (asked: Asked) => Answered, settings: DataRecord, since?: string) {
  const server = await startPlainServer(answer)
  const { connection, source } = await open({ baseUrl: server.url })
  opened.push(connection, server)
  const request = since === undefined ? {} : { since: { field: 'at', value: since } }
  const rows = await rowsOf(await source({ method: 'POST', ...settings }), request)
  return { rows, asked: server.asked }
}

const json = (body: Value): Answered => ({ type: 'application/json', body: JSON.stringify(body) })
const sent = ({ body }: Asked): Value => parseJson(body.toString())

test('a cursor has its place in a JSON body: absent on the first page, a text after it; the size is a number', async () => {
  const { rows, asked } = await searched(
    (one) => {
      const body = sent(one)
      const after = isObject(body) ? body['after'] : undefined
      return json(after === undefined ? { items: [{ id: 1 }], next: '17' } : { items: [{ id: 2 }] })
    },
    {
      records: '/items',
      body: {
        filter: { state: 'open', changed: '{since}' },
        after: '{after}',
        limit: '{size}',
        keep: '{other}',
      },
      since: { parameter: 'since' },
      paging: { type: 'cursor', parameter: 'after', at: '/next', sizeParameter: 'size', size: 50 },
    },
    '2026-01-01T00:00:00Z',
  )
  expect(rows).toEqual([{ id: 1 }, { id: 2 }])
  const filter = { state: 'open', changed: '2026-01-01T00:00:00Z' }
  expect(asked.map(sent)).toEqual([
    { filter, limit: 50, keep: '{other}' },
    { filter, after: '17', limit: 50, keep: '{other}' },
  ])
  expect(asked.map(({ url }) => url.search)).toEqual(['', ''])
})

test('a parameter that the body does not name stays in the address', async () => {
  const { asked } = await searched(() => json([]), {
    body: { limit: '{size}' },
    paging: { type: 'page', sizeParameter: 'size', size: 5 },
  })
  expect(asked[0]?.url.search).toBe('?page=1')
  expect(asked.map(sent)[0]).toEqual({ limit: 5 })
})

test('pages of a SOAP service are asked for in its envelope', async () => {
  const envelope = '<Envelope><Body><List><page>{page}</page><after>{since}</after></List></Body></Envelope>'
  const { rows, asked } = await searched(
    ({ body }) => {
      const page = Number(/<page>(\d+)/.exec(body.toString())?.[1])
      const items = page < 3 ? `<item><n>${page}</n></item>` : ''
      return { type: 'text/xml', body: `<Envelope><Body><Found>${items}</Found></Body></Envelope>` }
    },
    {
      format: 'xml',
      records: '/Envelope/Body/Found/item',
      body: envelope,
      since: { parameter: 'since' },
      paging: { type: 'page' },
    },
    'a<b&c',
  )
  expect(rows).toEqual([{ n: '1' }, { n: '2' }])
  expect(textOf(asked[0]?.body.toString())).toBe(
    '<Envelope><Body><List><page>1</page><after>a&lt;b&amp;c</after></List></Body></Envelope>',
  )
})
