import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { checkedAddress } from '../security/public-address'

const TIMEOUT_MS = 20_000

export interface Sent {
  status: number
  retryAfterMs?: number
}

/** What a receiver did in place of an answer, for whoever looks after it. */
export class NoAnswer extends Error {}

/**
 * Posts JSON to an address of a caller: checked anew each time, and connected to where the check led. No redirects.
 * @throws NoAnswer; Fault ADDRESS_REFUSED
 */
export async function send(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  allowedHosts: readonly string[],
): Promise<Sent> {
  const checked = await checkedAddress(url, allowedHosts)
  const request = checked.url.protocol === 'http:' ? httpRequest : httpsRequest
  return new Promise((resolve, reject) => {
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
    sending.on('error', (error) => {
      const late = error.name === 'TimeoutError' || error.name === 'AbortError'
      const why = 'code' in error && typeof error.code === 'string' ? error.code : error.name
      reject(
        new NoAnswer(
          late ? `gave no answer in ${String(TIMEOUT_MS / 1000)} seconds` : `gave no answer: ${why}`,
        ),
      )
    })
    sending.end(body)
  })
}
