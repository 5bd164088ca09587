import { createHash } from 'node:crypto'
import { kindsIn } from './access/presented'
import type { Call } from './call'

/** Headers whose values are shown only by their length. */
const SECRET =
  /^(authorization|proxy-authorization|cookie|x-api-key|client-cert|.*(token|secret|password|signature).*)$/

interface BodyFacts {
  bytes: number
  sha256: string
  encoding: string
  begins: string
}

/** What arrived of a request, and what to make of it. Never repeats a credential. */
export async function diagnose(call: Call): Promise<object> {
  const { headers, id, address, received } = call
  const body = await bodyFacts(call)
  return {
    requestId: id,
    address,
    method: call.transport.method,
    path: call.path,
    httpVersion: call.transport.httpVersion,
    ...(call.transport.tls ? { tls: call.transport.tls } : {}),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        SECRET.test(name) ? `(${String(value.length)} characters)` : value,
      ]),
    ),
    credentials: kindsIn(headers),
    ...(body ? { body } : {}),
    ...clockOf(headers['date'], received),
    notes: [...notesOn(headers), ...lostOf(headers), ...changedOf(headers, body?.sha256)],
  }
}

async function bodyFacts({ body, headers }: Call): Promise<BodyFacts | undefined> {
  const hash = createHash('sha256')
  let size = 0
  let head = Buffer.alloc(0)
  for await (const chunk of body.bytes()) {
    hash.update(chunk)
    size += chunk.length
    if (head.length < 64) head = Buffer.concat([head, chunk]).subarray(0, 64)
  }
  if (size === 0 && headers['content-length'] === undefined) return undefined
  return {
    bytes: size,
    sha256: hash.digest('hex'),
    encoding: encodingOf(head, body.charset),
    begins: head.toString('hex'),
  }
}

function encodingOf(head: Buffer, charset: string | undefined): string {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8 with a byte order mark'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16, little end first'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16, big end first'
  return charset ?? 'not declared'
}

function clockOf(date: string | undefined, received: number): object {
  const sent = date === undefined ? NaN : Date.parse(date)
  return Number.isNaN(sent) ? {} : { clock: { differenceSeconds: Math.round((sent - received) / 1000) } }
}

/** What the way changed, as far as it shows. */
function notesOn(headers: Readonly<Record<string, string>>): string[] {
  const notes: string[] = []
  const { via, 'x-forwarded-for': forwarded } = headers
  if (via !== undefined) notes.push(`The request passed a proxy that says of itself: ${via}.`)
  if (forwarded !== undefined) notes.push(`Somebody on the way says that it came from ${forwarded}.`)
  if (via !== undefined && headers['authorization'] === undefined && headers['x-api-key'] === undefined)
    notes.push('No credentials arrived: if you sent some, the proxy took them out; try the other header.')
  if (headers['content-encoding'] !== undefined)
    notes.push('The body was unpacked here; bytes and digest are of what was in it.')
  return notes
}

/** A client that names in Tieout-Sent the headers that it sent is told which did not arrive. */
function lostOf({ 'tieout-sent': sent = '', ...headers }: Readonly<Record<string, string>>): string[] {
  const names = sent.toLowerCase().match(/[!#$%&'*+.^_`|~0-9a-z-]+/g) ?? []
  return names
    .filter((name) => headers[name] === undefined)
    .map((name) => `The header ${name} was sent and did not arrive: something on the way took it out.`)
}

/** RFC 9530: what the client says that it sent, as far as it was not packed. */
function changedOf(
  { 'content-digest': said = '', 'content-encoding': packed }: Readonly<Record<string, string>>,
  sha256: string | undefined,
): string[] {
  const sent = /sha-256=:([A-Za-z0-9+/=]+):/.exec(said)?.[1]
  if (sent === undefined || packed !== undefined) return []
  const arrived = Buffer.from(sha256 ?? '', 'hex').toString('base64')
  if (sent === arrived) return []
  return [`The body is not the one that was sent: its SHA-256 was ${sent}, and ${arrived} arrived.`]
}
