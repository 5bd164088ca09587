import type { HttpClient, HttpRequest, HttpResponse } from '../../../shared/core/ports'
import { withoutValues } from '../../../shared/core/record/echo'
import type { DataRecord } from '../../../shared/core/record/value'
import { section, text } from '../../../shared/core/settings'

/** Of `auth`: what goes over the wire as it is, or what a token is got with. */
const SECRETS = ['password', 'token', 'value', 'clientSecret', 'secret', 'passphrase'] as const
/** Headers and parameters that carry a secret, by their names. */
const SECRET_NAME = /auth|(?<!idempotency-)key|token|secret|passw|cookie|signature|credential/i

/**
 * An HttpClient whose refusals do not repeat the credentials that they refuse: what a service says then is shown and
 * kept. Answers that may hold records are left alone.
 */
export function withoutEcho(client: HttpClient, settings: DataRecord): HttpClient {
  const declared = declaredIn(settings)
  return {
    ...client,
    async send(request) {
      const response = await client.send(request)
      return response.status < 300 ? response : silenced(response, [...declared, ...secretsIn(request)])
    },
  }
}

/** For what is quoted of an answer that could have held records. */
export function quietOf(settings: DataRecord): (said: string) => string {
  const declared = declaredIn(settings)
  return (said) => withoutValues(said, declared, () => '***')
}

function declaredIn(settings: DataRecord): string[] {
  const auth = section(settings, 'auth') ?? {}
  return SECRETS.flatMap((name) => text(auth, name) ?? [])
}

function secretsIn({ url, headers = {} }: HttpRequest): string[] {
  const named = [...Object.entries(headers), ...new URL(url).searchParams]
  return named
    .filter(([name]) => SECRET_NAME.test(name))
    .map(([, value]) => value.replace(/^(?:basic|bearer) /i, ''))
}

function silenced(response: HttpResponse, secrets: readonly string[]): HttpResponse {
  const quiet = (said: string): string => withoutValues(said, secrets, () => '***')
  const body = new TextDecoder().decode(response.body)
  const left = quiet(body)
  return {
    ...response,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, quiet(value)]),
    ),
    body: left === body ? response.body : new TextEncoder().encode(left),
  }
}
