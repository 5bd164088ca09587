import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { portOf } from '../../bench/lib/port'
import { Authority } from '../support/certificates'
import { commandLine } from '../support/command-line'
import { folderWith } from '../support/folder'

let folder: ReturnType<typeof folderWith>
let tieout: ReturnType<typeof commandLine>

beforeAll(() => {
  folder = folderWith({
    'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
`,
  })
  const authority = new Authority()
  for (const name of ['one', 'other']) {
    const { cert, key } = authority.issue({ name })
    writeFileSync(join(folder.path, `${name}.pem`), cert)
    writeFileSync(join(folder.path, `${name}-key.pem`), key)
  }
  authority.remove()
  tieout = commandLine(folder.path)
})

afterAll(() => {
  folder.remove()
})

test.each([
  [['--port', '70000'], 'There is no port 70000'],
  [['--url', 'api.example.com'], 'no address such as https://api.example.com'],
  [['--url', 'ftp://api.example.com'], 'no address such as https://api.example.com'],
  [['--trust', 'everybody'], 'everybody is not an address or a network'],
  [['--allow-host', 'hooks.internal'], 'no name and port such as hooks.internal:443'],
  [['--tls-cert', 'one.pem'], 'belong together'],
  [['--tls-cert', 'none.pem', '--tls-key', 'one-key.pem'], 'none.pem cannot be read: there is no such file'],
  [['--tls-cert', 'one.pem', '--tls-key', 'other-key.pem'], 'no certificate and its key'],
  [['--tls-cert', 'tieout.yaml', '--tls-key', 'one-key.pem'], 'no certificate and its key'],
  [['--host', '203.0.113.9'], '203.0.113.9:8420 cannot be listened on'],
])('serve %j says what is wrong', async (argv, words) => {
  const { exit, err } = await tieout('serve', ...argv)
  expect([exit, err]).toEqual([2, expect.stringContaining(words)])
  expect(err).toContain('COMMAND_INVALID')
})

test('a port that is taken is named, and the next start is not kept out', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = String(portOf(server))
  for (let i = 0; i < 2; i++)
    expect((await tieout('serve', '--port', port)).err).toContain(`127.0.0.1:${port} cannot be listened on`)
  server.close()
})
