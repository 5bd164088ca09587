import type { DataRecord } from '../../../shared/core/record/value'
import { startPlainServer, type Asked, type PlainServer } from './plain-server'

export type Patient = DataRecord & { id: string }

/**
 * Patients as FHIR servers answer a search: the next page stands in a list of links, and not always at one place of it
 * (RESTful API, 3.2.1.3.3 paging).
 */
export async function startFhirServer(patients: readonly Patient[]): Promise<PlainServer> {
  const server = await startPlainServer((asked) => ({
    type: 'application/fhir+json; charset=utf-8',
    body: bundle(asked, patients, server.url),
  }))
  return server
}

function bundle({ url }: Asked, patients: readonly Patient[], base: string): string {
  const from = Number(url.searchParams.get('_getpagesoffset') ?? 0)
  const count = Number(url.searchParams.get('_count') ?? 10)
  const page = (relation: string, offset: number): DataRecord => ({
    relation,
    url: `${base}/Patient?_count=${count}&_getpagesoffset=${offset}`,
  })
  const link = [
    { relation: 'self', url: base + url.pathname + url.search },
    ...(from > 0 ? [page('previous', from - count)] : []),
    ...(from + count < patients.length ? [page('next', from + count)] : []),
  ]
  const entry = patients.slice(from, from + count).map((resource) => ({
    fullUrl: `${base}/Patient/${resource.id}`,
    resource,
    search: { mode: 'match' },
  }))
  return JSON.stringify({ resourceType: 'Bundle', type: 'searchset', total: patients.length, link, entry })
}
