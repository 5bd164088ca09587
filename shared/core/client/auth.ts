import type { Clock, HttpClient, HttpRequest } from '../ports'
import { textOf } from '../record/value'
import { answeredFault, objectIn } from './answered'

/** How the client says who calls. A client certificate is shown by the connection: then `none`. */
export type ClientAuth =
  | { by: 'key'; key: string }
  | { by: 'basic'; client: string; secret: string }
  /** OAuth 2.0 client credentials at the gateway's own endpoint. */
  | { by: 'token'; client: string; secret: string; scope?: string }
  | { by: 'none' }

export interface Authorizer {
  headers(): Promise<Readonly<Record<string, string>>>
  /** After 401. @returns whether other headers may be had */
  renew(): boolean
}

export function authorizerOf(
  auth: ClientAuth,
  gateway: { url: string; http: HttpClient; clock: Clock },
): Authorizer {
  switch (auth.by) {
    case 'key':
      return fixed({ 'x-api-key': auth.key })
    case 'basic':
      return fixed({ authorization: basic(auth.client, auth.secret) })
    case 'token':
      return new Tokens(auth, gateway)
    case 'none':
      return fixed({})
  }
}

function fixed(headers: Readonly<Record<string, string>>): Authorizer {
  return { headers: () => Promise.resolve(headers), renew: () => false }
}

/** A token is asked for anew when nine tenths of its life are over. */
const LIFE = 0.9

class Tokens implements Authorizer {
  /** All calls share one token, and one request for it. */
  private token: Promise<{ value: string; until: number }> | undefined

  constructor(
    private readonly auth: Extract<ClientAuth, { by: 'token' }>,
    private readonly gateway: { url: string; http: HttpClient; clock: Clock },
  ) {}

  async headers(): Promise<Readonly<Record<string, string>>> {
    const held = await this.token
    if (held && this.gateway.clock.elapsed() < held.until) return { authorization: `Bearer ${held.value}` }
    const asked = this.ask()
    this.token = asked
    asked.catch(() => {
      this.token = undefined
    })
    return { authorization: `Bearer ${(await asked).value}` }
  }

  renew(): boolean {
    const had = this.token !== undefined
    this.token = undefined
    return had
  }

  private async ask(): Promise<{ value: string; until: number }> {
    const { clock, http, url } = this.gateway
    const asked = clock.elapsed()
    const answer = await http.send(this.request(url))
    if (answer.status !== 200) throw answeredFault(answer, 'POST /oauth/token')
    const token = objectIn(answer.body) ?? {}
    const seconds = Number(textOf(token['expires_in']))
    return { value: textOf(token['access_token']), until: asked + seconds * 1000 * LIFE }
  }

  private request(url: string): HttpRequest {
    const { client, secret, scope } = this.auth
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    if (scope !== undefined) form.set('scope', scope)
    return {
      method: 'POST',
      url: `${url}/oauth/token`,
      headers: {
        // RFC 6749, 2.3.1: each part is form-encoded first
        authorization: basic(formEncoded(client), formEncoded(secret)),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
      repeatable: true,
    }
  }
}

/** RFC 7617, in UTF-8. */
function basic(name: string, secret: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${name}:${secret}`)))}`
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
