import { open, rowsOf } from './connect'
import { startFhirServer } from './fhir-server'

const PATIENTS = Array.from({ length: 25 }, (_, i) => ({ resourceType: 'Patient', id: `p${String(i)}` }))

test('every patient of a FHIR search, page by page', async () => {
  const server = await startFhirServer(PATIENTS)
  const { source, connection } = await open({ baseUrl: server.url })
  const read = {
    records: '/entry',
    total: '/total',
    paging: { type: 'next', at: '/link[relation=next]/url' },
  }
  const rows = await rowsOf(await source({ path: '/Patient', ...read }))
  expect(rows).toMatchObject(PATIENTS.map((resource) => ({ resource, search: { mode: 'match' } })))
  expect(server.asked).toHaveLength(3)
  await connection.close()
  await server.close()
})
