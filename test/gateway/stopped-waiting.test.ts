import { folderWith } from '../support/folder'
import { startGateway, type TestGateway } from '../support/gateway'
import { objectIn } from '../support/json'

const files = {
  'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  db: { connector: postgres, url: 'postgres://nobody:secret@127.0.0.1:1/none' }
workflows:
  stock:
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: db, stream: stock }
    sync: { retry: { attempts: 100, for: 1h } }
`,
  'stock.csv': 'sku,quantity\nA1,5\n',
}

test('a run that waits for a system out of reach goes on when the gateway starts again, and can be cancelled', async () => {
  const { path, remove } = folderWith(files)
  let gateway: TestGateway = await startGateway({ folder: path })
  const key = gateway.key()
  const asked = async (method: string, at: string, prefer = ''): Promise<Record<string, unknown>> =>
    objectIn(await (await gateway.call(key, method, at, { headers: { prefer } })).text())
  try {
    const { id } = await asked('POST', '/v1/workflows/stock/runs', 'wait=1')
    await gateway.close()
    gateway = await startGateway({ folder: path })
    expect(await asked('GET', `/v1/runs/${String(id)}`)).toMatchObject({ state: 'running', over: false })
    await asked('DELETE', `/v1/runs/${String(id)}`)
    expect(await asked('GET', `/v1/runs/${String(id)}?wait=10`)).toMatchObject({ state: 'cancelled' })
  } finally {
    await gateway.close()
    remove()
  }
})
