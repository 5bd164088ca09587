import { startGateway } from '../support/gateway'

test.each([
  ['"tk_00000000_abc"', 'api key: it has quotes around it: take them off'],
  ['${TIEOUT_KEY}', 'api key: it is a placeholder that nobody filled in'],
])('diagnostics name what is wrong with the key %s, and do not repeat it', async (key, says) => {
  const gateway = await startGateway()
  try {
    const answer: unknown = await (await gateway.call(key, 'GET', '/v1/diagnostics')).json()
    expect(answer).toMatchObject({ credentials: [says] })
    expect(JSON.stringify(answer)).not.toContain(JSON.stringify(key).slice(1, -1))
  } finally {
    await gateway.close()
  }
})
