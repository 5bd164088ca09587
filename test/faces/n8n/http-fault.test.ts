import { httpFault, proxyFault } from '../../../n8n/host/http-fault'

// The errors are made: a socket answers EPROTO without TLS only when a driver or a tunnel misbehaves.

test('407 is of a proxy, whatever it says', () => {
  const request = { method: 'GET', url: 'https://api.example.com/items' }
  const answer = { status: 407, headers: {}, body: new TextEncoder().encode('<html>') }
  expect(proxyFault(answer, request)).toMatchObject({ code: 'PROXY_AUTH_REQUIRED' })
  expect(proxyFault({ ...answer, status: 403 }, request)).toBeUndefined()
})

describe('a request that brought no answer', () => {
  const faultOf = (method: string, error: object): string =>
    httpFault(new Error('n8n wraps it', { cause: error }), { method, url: 'https://api.example.com/items' })
      .code
  const eproto = (message: string): object => Object.assign(new Error(message), { code: 'EPROTO' })
  const ssl = (reason: string): object =>
    eproto(
      `write EPROTO 40D7:error:0A00010B:SSL routines:ssl3_get_record:${reason}:../deps/openssl/s3.c:354:`,
    )

  test('EPROTO with a reason of OpenSSL is TLS', () => {
    expect(faultOf('GET', ssl('wrong version number'))).toBe('TLS_NOT_SPOKEN')
    expect(faultOf('POST', ssl('tlsv1 alert internal error'))).toBe('TLS_FAILED')
  })

  test('EPROTO without one is a broken connection, after which a write may have happened', () => {
    expect(faultOf('GET', eproto('read EPROTO'))).toBe('CONNECTION_LOST')
    expect(faultOf('POST', eproto('write EPROTO'))).toBe('RESPONSE_LOST')
  })
})
