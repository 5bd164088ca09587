import { open, rowsOf } from './connect'
import { startPlainServer, type Asked } from './plain-server'

/** Search pages as FHIR servers answer them: the next page stands in a list of links, and not always at one place. */
const PATIENTS = Array.from({ length: 25 }, (_, i) => ({ resourceType: 'Patient', id: `p${String(i)}` }))
const PAGE = 10

function bundle({ url }: Asked, base: string): string {
  const from = Number(url.searchParams.get('_getpagesoffset') ?? 0)
  const link = [{ relation: 'self', url: `${base}/Patient` }]
  if (from > 0)
    link.push({ relation: 'previous', url: `${base}/Patient?_getpagesoffset=${String(from - PAGE)}` })
  if (from + PAGE < PATIENTS.length)
    link.push({ relation: 'next', url: `${base}/Patient?_getpagesoffset=${String(from + PAGE)}` })
  const entry = PATIENTS.slice(from, from + PAGE).map((resource) => ({ resource, search: { mode: 'match' } }))
  return JSON.stringify({ resourceType: 'Bundle', type: 'searchset', total: PATIENTS.length, link, entry })
}

test('every patient of a FHIR search, page by page', async () => {
  const server = await startPlainServer((asked) => ({
    type: 'application/fhir+json; charset=utf-8',
    body: bundle(asked, server.url),
  }))
  const { source, connection } = await open({ baseUrl: server.url })
  const read = {
    records: '/entry',
    total: '/total',
    paging: { type: 'next', at: '/link[relation=next]/url' },
  }
  const rows = await rowsOf(await source({ path: '/Patient', ...read }))
  expect(rows).toEqual(PATIENTS.map((resource) => ({ resource, search: { mode: 'match' } })))
  expect(server.asked).toHaveLength(3)
  await connection.close()
  await server.close()
})
