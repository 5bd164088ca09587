import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { checkedAddress } from '../security/public-address'

const TIMEOUT_MS = 20_000

export interface Sent {
  /** 0: there was no answer. */
  status: number
  retryAfterMs?: number
}

/** Posts JSON to an address of a caller: checked anew each time, and connected to where the check led. No redirects. */
export async function send(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  allowedHosts: readonly string[],
): Promise<Sent> {
  const checked = await checkedAddress(url, allowedHosts)
  const request = checked.url.protocol === 'http:' ? httpRequest : httpsRequest
  return new Promise((resolve) => {
    const sending = request(
      checked.url,
      {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        lookup: (_host, options, done) => {
          const { address, family } = checked
          if (options.all === true) done(null, [{ address, family }])
          else done(null, address, family)
        },
      },
      (response) => {
        response.resume()
        const retryAfter = Number(response.headers['retry-after'])
        resolve({
          status: response.statusCode ?? 0,
          ...(Number.isFinite(retryAfter) && retryAfter > 0 ? { retryAfterMs: retryAfter * 1000 } : {}),
        })
      },
    )
    sending.on('error', () => {
      resolve({ status: 0 })
    })
    sending.end(body)
  })
}
