import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { output, type Execution } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import { startFaultyApi } from '../../support/faulty-api'
import { startGateway } from '../../support/gateway'
import { startFhirServer, type Patient } from '../../connectors/http/fhir-server'
import { byHand, example, type Imported } from './example'
import { credentialsOf } from './nodes'
import type { N8n } from './server'

/** Patients. */
const MANY = 50_000
const STOCK = Array.from({ length: 30 }, (_, i) => ({
  sku: `K${i}`,
  location: i % 2 ? 'Lyon' : 'Rotterdam',
  quantity: i,
}))

const GATEWAY = {
  'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  patients:
    key: id
    schema: { properties: { id: { type: string }, birthDate: { type: string, format: date } } }
    source: { connection: files, stream: patients.csv }
    target: { connection: out, stream: patients.ndjson }
    sync: { guards: { rejects: off } }
`,
}

/** Every example as it is imported, with the addresses of servers that run here. */
export function examplesSuite(n8n: N8n): void {
  const run = (name: string, imported: Imported = {}): Promise<Execution> =>
    n8n().run(byHand(example(name, imported)))

  test('nightly inventory sync', async () => {
    const erp = await startFaultyApi({ key: ['sku'], records: STOCK })
    const shop = await startFaultyApi({ key: ['sku'], records: STOCK.slice(0, 20) })
    try {
      const execution = await run('nightly-inventory-sync', { hosts: { erp: erp.url, shop: shop.url } })
      expect(output(execution, 'Sync Inventory', 2)[0]?.json).toMatchObject({
        status: 'succeeded',
        created: 10,
        unchanged: 20,
      })
      expect(output(execution, 'Did It Succeed?')).toHaveLength(1)
      expect(shop.records).toHaveLength(30)
    } finally {
      await erp.close()
      await shop.close()
    }
  })

  test('compare two sheets and fix', async () => {
    const execution = await run('compare-two-sheets-and-fix')
    expect(output(execution, 'What Differs')).toHaveLength(3)
    const skus = (name: string): unknown[] =>
      output(execution, name).map(({ json }) => member(json['key'], 'sku'))
    expect([skus('Add Row'), skus('Update Row'), skus('Delete Row')]).toEqual([['A3'], ['A2'], ['A9']])
  })

  test('month-end reconciliation', async () => {
    const erp = await startFaultyApi({ records: STOCK })
    const warehouse = await startFaultyApi({
      records: STOCK.map((one) => (one.sku === 'K3' ? { ...one, quantity: 4 } : one)),
    })
    try {
      const execution = await run('month-end-reconciliation', {
        hosts: { erp: erp.url, warehouse: warehouse.url },
      })
      expect(output(execution, 'Reconcile').map(({ json }) => json['key'])).toEqual([{ sku: 'K3' }])
      expect(output(execution, 'Reconcile', 2).map(({ json }) => json['location'])).toEqual([
        'Lyon',
        'Rotterdam',
      ])
      expect(Object.keys(output(execution, 'Reconcile', 3)[0]?.binary ?? {})).toEqual(['report', 'workbook'])
    } finally {
      await erp.close()
      await warehouse.close()
    }
  })

  test('patients to a gateway', async () => {
    const records = Array.from({ length: MANY }, (_, i) => patient(i))
    const fhir = await startFhirServer(records)
    const gateway = await startGateway({ files: GATEWAY })
    try {
      const data = { url: gateway.url, method: 'header', apiKey: gateway.key() }
      const credentials = await credentialsOf(n8n, 'tieoutGatewayApi', data)
      const upload = await run('patients-to-gateway', { hosts: { fhir: fhir.url }, credentials })
      expect(upload.data.resultData.error).toBeUndefined()
      expect(output(upload, 'Receipt')[0]?.json).toMatchObject({ created: MANY - 1, rejected: 1 })
      expect(output(upload, 'Exceptions').map(({ json }) => json['key'])).toEqual(['["P7"]'])
      expect(fhir.asked).toHaveLength(MANY / 1000)
      const written = lines(join(gateway.folder, 'patients.ndjson'))
      expect(written).toHaveLength(MANY - 1)
      expect(JSON.parse(written[3] ?? '')).toEqual({
        id: 'P3',
        family: 'Family 3',
        given: 'Given 3',
        birthDate: '1943-04-15',
        city: 'Rotterdam',
      })
    } finally {
      await gateway.close()
      await fhir.close()
    }
  }, 60_000)
}

/** One of them was born on a day that there is not. */
function patient(i: number): Patient {
  return {
    resourceType: 'Patient',
    id: `P${i}`,
    active: true,
    identifier: [{ system: 'urn:example:mrn', value: String(100_000 + i) }],
    name: [{ use: 'official', family: `Family ${i % 997}`, given: [`Given ${i % 89}`] }],
    birthDate: i === 7 ? '1980-02-31' : `19${40 + (i % 60)}-0${1 + (i % 9)}-15`,
    address: [{ line: [`${i % 300} High Street`], city: 'Rotterdam', postalCode: '3011' }],
  }
}

function lines(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n')
}
