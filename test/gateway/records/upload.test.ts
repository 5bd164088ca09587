import { startGateway, type TestGateway } from '../../support/gateway'
import { DEFINITION, makeStock, stockIn } from './stock'
import { isObject, type DataRecord } from '../../../shared/core/record/value'
import { parseJson } from '../../../shared/core/format/json'

let gateway: TestGateway
let key: string

beforeEach(async () => {
  gateway = await startGateway({
    files: { 'tieout.yaml': DEFINITION, 'own.csv': 'sku,name,quantity\nown,Own,1\n' },
  })
  key = gateway.key()
  makeStock(gateway.folder)
})

afterEach(() => gateway.close())

test('a small file is answered with its result', async () => {
  const { status, json } = await upload('sku,name,quantity\n1,One,1\n2,Two,2\n')
  expect(json).toMatchObject({ kind: 'upload', state: 'succeeded', outcomes: { created: 2 } })
  expect(status).toBe(200)
  expect(stockIn(gateway.folder)).toEqual([
    ['1', 'One', 1],
    ['2', 'Two', 2],
  ])
})

interface Answered {
  status: number
  json: DataRecord
  headers: Headers
}

async function upload(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  query = '',
): Promise<Answered> {
  const response = await gateway.call(key, 'POST', `/v1/workflows/stock/records${query}`, {
    headers: { 'content-type': 'text/csv', ...headers },
    body,
  })
  const json = parseJson(await response.text())
  return { status: response.status, json: isObject(json) ? { ...json } : {}, headers: response.headers }
}
