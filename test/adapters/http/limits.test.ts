import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { http } from '../../../shared/adapters/http'
import { objectIn } from '../../support/json'
import { startWire } from './wire-server'

const root = join(__dirname, '../../..')

test('a process that has no file descriptor left says so, whatever the client', () => {
  const program = `
    const { openSync } = require('node:fs')
    const { http } = require('./shared/adapters/http')
    const clients = ['axios', 'undici'].map((client) => http.open({ proxy: 'none', client }))
    const send = (client) =>
      client.send({ method: 'POST', url: 'http://127.0.0.1:9/', body: 'x' }).catch((fault) => fault)
    async function main() {
      for (const client of clients) await send(client)
      try { for (;;) openSync('/dev/null') } catch {}
      const faults = []
      for (const client of clients) faults.push(await send(client))
      require('node:fs').writeSync(1, JSON.stringify({ faults: faults.map(({ code, then, evidence }) => ({ code, then, evidence })) }))
      process.exit(0)
    }
    main()`
  const env = { ...process.env, TS_NODE_TRANSPILE_ONLY: 'true', PROGRAM: program }
  const limited = `ulimit -n 100 && exec "$0" -r ts-node/register -e "$PROGRAM"`
  const out = execFileSync('sh', ['-c', limited, process.execPath], { cwd: root, env })
  const exhausted = {
    code: 'LOCAL_CONNECTIONS_EXHAUSTED',
    then: 'wait',
    evidence: { host: '127.0.0.1', errno: 'EMFILE' },
  }
  expect(objectIn(String(out))).toMatchObject({ faults: [exhausted, exhausted] })
})

test('an answer that is larger than memory should hold, however small it is packed', async () => {
  const wire = await startWire()
  const client = http.open({ proxy: 'none' })
  await expect(
    client.send({ method: 'GET', url: `http://localhost:${wire.port}/bomb` }),
  ).rejects.toMatchObject({
    code: 'ANSWER_TOO_LARGE',
    then: 'stop',
    evidence: { host: `localhost:${wire.port}` },
  })
  await client.close()
  await wire.close()
})
