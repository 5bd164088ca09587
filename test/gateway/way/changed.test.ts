// Something on the way that rewrites what passes it: the doctor tells by the digest.
import http from 'node:http'
import { portOf } from '../../../bench/lib/port'
import { commandLine } from '../../support/command-line'
import { startGateway, type TestGateway } from '../../support/gateway'
import { asObjects, objectIn } from '../../support/json'

let gateway: TestGateway
let box: http.Server
beforeAll(async () => {
  gateway = await startGateway()
  box = http.createServer((request, response) => {
    rewritten(request)
      .then(({ headers, body }) => {
        const { method = 'GET', url: path = '/' } = request
        const onward = http.request(gateway.url + path, { method, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(response)
        })
        onward.end(body)
      })
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => box.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  box.closeAllConnections()
  await new Promise((resolve) => box.close(resolve))
  await gateway.close()
})

/** Line ends as a text filter makes them; what is packed it leaves alone. */
async function rewritten(
  request: http.IncomingMessage,
): Promise<{ headers: http.OutgoingHttpHeaders; body: Buffer }> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const headers = { ...request.headers }
  delete headers['transfer-encoding']
  if (headers['content-encoding'] !== undefined) return { headers, body }
  const changed = Buffer.from(body.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
  return { headers: { ...headers, 'content-length': changed.length }, body: changed }
}

test('a body that was changed on the way is told with both lengths', async () => {
  const tieout = commandLine(gateway.folder)
  const at = `http://127.0.0.1:${portOf(box)}`
  const { exit, out } = await tieout('doctor', '--gateway', at, '--idle', '1', '--json')
  expect(exit).toBe(1)
  const steps = asObjects(objectIn(out)['steps'])
  const failed = steps.filter(({ result }) => result === 'failed')
  expect(failed.map(({ name }) => name)).toEqual(['POST of 1 MB', 'POST in chunks'])
  for (const { fault } of failed)
    expect(fault).toMatchObject({
      code: 'BODY_CHANGED',
      owner: 'your-network-team',
      detail: expect.stringMatching(/^1048576 bytes were sent and \d+ arrived/) as unknown,
    })
})
