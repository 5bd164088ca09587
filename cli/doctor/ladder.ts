import { createHash } from 'node:crypto'
import { setTimeout as elapsed } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { refusal } from '../../connectors/http/status'
import { http } from '../../shared/adapters/http'
import { isErrorCode } from '../../shared/contract/errors'
import type { CheckStep } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import { parseJson } from '../../shared/core/format/json'
import type { HttpClient, HttpResponse } from '../../shared/core/ports'
import { isList, isObject, textOf, type DataRecord } from '../../shared/core/record/value'
import { asFault } from '../unexpected'

export interface LadderOptions {
  /** Of the gateway, as clients have it. */
  url: string
  /** An API key; without one, what needs credentials is left out. */
  key: string | undefined
  /** How long a connection rests before it is used again. */
  idleMs: number
}

const MEGABYTE = 1024 * 1024
/** What clients of the gateway send; some proxies let only some of it pass. */
const SENT = {
  'idempotency-key': '"doctor"',
  'if-match': '"1"',
  prefer: 'wait=1',
  'x-api-key': 'doctor',
  authorization: 'Bearer doctor',
  'tieout-version': '2026-11-22',
}
const CLOCK_SECONDS = 30

interface Rung {
  name: string
  /** What passed, in words. @throws Fault */
  climb: (way: Way) => Promise<string>
  needsKey?: true
}

/** Above the network everything is tried, so that one ticket has all that is wrong. */
const RUNGS: readonly Rung[] = [
  { name: 'credentials', climb: credentials, needsKey: true },
  { name: 'headers', climb: headersArrive },
  { name: 'POST of 3 bytes', climb: (way) => way.body(Buffer.from('abc')) },
  { name: 'POST of 1 MB', climb: (way) => way.body(pattern(MEGABYTE)) },
  { name: 'POST in chunks', climb: (way) => way.chunks(pattern(MEGABYTE)) },
  { name: 'POST with gzip', climb: (way) => way.packed(pattern(MEGABYTE)) },
  { name: 'connection after a rest', climb: afterRest },
]

/** From the name to a connection that rested: each rung tells what passed, or what failed and whose it is. */
export async function* ladder(options: LadderOptions): AsyncGenerator<CheckStep> {
  const client = http.open({})
  try {
    for await (const { name, detail, fault } of client.probe?.(options.url) ?? []) {
      yield fault ? failed(name, fault) : { name, result: 'passed', detail }
      if (fault) return
    }
    const way = new Way(client, options)
    const first = await step('HTTP', () => answers(way))
    yield first
    if (first.result === 'failed') return
    for (const { name, climb, needsKey } of RUNGS) {
      if (needsKey && options.key === undefined)
        yield { name, result: 'notDone', detail: 'set TIEOUT_KEY to an API key to have it tried' }
      else yield await step(name, () => climb(way))
    }
  } finally {
    await client.close()
  }
}

async function step(name: string, work: () => Promise<string>): Promise<CheckStep> {
  try {
    return { name, result: 'passed', detail: await work() }
  } catch (error) {
    return failed(name, asFault(error))
  }
}

function failed(name: string, { code, detail }: Fault): CheckStep {
  return { name, result: 'failed', detail, fault: { code, detail } }
}

async function answers(way: Way): Promise<string> {
  const { json, headers } = await way.ask('GET', '/v1')
  const behind = ['via', 'server'].flatMap((name) => (headers[name] === undefined ? [] : [headers[name]]))
  const off = Math.round((Date.now() - Date.parse(textOf(json['time']))) / 1000)
  if (Math.abs(off) > CLOCK_SECONDS)
    throw new Fault(
      'CLOCK_OFF',
      `The clock of this computer differs from the gateway's by ${String(off)} s.`,
      {
        seconds: off,
      },
    )
  const via = behind.length > 0 ? `, by way of ${behind.join(', ')}` : ''
  return `${textOf(json['name'])} ${textOf(json['version'])} answers${via}`
}

async function credentials(way: Way): Promise<string> {
  const { json } = await way.ask('GET', '/v1/caller', { headers: way.credentials })
  return `the key is that of ${textOf(json['client'])}`
}

/** Not with credentials: the operation is public, and looks only at what arrives. */
async function headersArrive(way: Way): Promise<string> {
  const { json } = await way.ask('GET', '/v1/diagnostics', {
    headers: { ...SENT, 'tieout-sent': Object.keys(SENT).join(', ') },
  })
  const arrived = isObject(json['headers']) ? json['headers'] : {}
  const lost = Object.keys(SENT).filter((name) => arrived[name] === undefined)
  if (lost.length > 0)
    throw new Fault('HEADERS_LOST', `These headers did not arrive: ${lost.join(', ')}.`, {
      lost: lost.join(', '),
    })
  const notes = isList(json['notes']) ? json['notes'].map(textOf) : []
  return ['all that were sent arrive', ...notes].join('. ')
}

async function afterRest(way: Way): Promise<string> {
  await elapsed(way.options.idleMs)
  await way.body(Buffer.from('abc'))
  return `still good after ${String(Math.round(way.options.idleMs / 1000))} s`
}

interface Asked {
  json: DataRecord
  headers: HttpResponse['headers']
}

class Way {
  constructor(
    private readonly client: HttpClient,
    readonly options: LadderOptions,
  ) {}

  get credentials(): Record<string, string> {
    return { 'x-api-key': this.options.key ?? '' }
  }

  /** @throws Fault what the gateway said, or who answered in its place */
  async ask(
    method: string,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: Uint8Array } = {},
  ): Promise<Asked> {
    const url = this.options.url.replace(/\/+$/, '') + path
    const request = { method, url, headers, ...(body === undefined ? {} : { body }) }
    return answerOf(await this.client.send(request), method, new URL(url))
  }

  async body(bytes: Buffer): Promise<string> {
    return sameBytes(bytes, await this.ask('POST', '/v1/diagnostics', { headers: PLAIN, body: bytes }))
  }

  async packed(bytes: Buffer): Promise<string> {
    const headers = { ...PLAIN, 'content-encoding': 'gzip' }
    return sameBytes(bytes, await this.ask('POST', '/v1/diagnostics', { headers, body: gzipSync(bytes) }))
  }

  async chunks(bytes: Buffer): Promise<string> {
    const url = `${this.options.url.replace(/\/+$/, '')}/v1/diagnostics`
    const body = (async function* () {
      for (let at = 0; at < bytes.length; at += 64 * 1024)
        yield await Promise.resolve(bytes.subarray(at, at + 64 * 1024))
    })()
    if (!this.client.upload) throw new TypeError('This client sends no streams.')
    const response = await this.client.upload({ method: 'POST', url, headers: PLAIN, body })
    return sameBytes(bytes, answerOf(response, 'POST', new URL(url)))
  }
}

const PLAIN = { 'content-type': 'application/octet-stream' }

function answerOf(response: HttpResponse, method: string, { host, pathname }: URL): Asked {
  const { headers, status, body } = response
  const text = new TextDecoder().decode(body)
  const json = /[/+]json/.test(headers['content-type'] ?? '') ? parseJson(text) : undefined
  // a problem of the gateway names itself; whatever else says no is somebody on the way
  if (isObject(json) && typeof json['code'] === 'string' && isErrorCode(json['code']))
    throw new Fault(json['code'], textOf(json['detail']), { status, requestId: textOf(json['requestId']) })
  const refused = refusal(response, { method, host, path: pathname }, 'read', Date.now())
  if (refused) throw refused
  if (isObject(json) && headers['x-request-id'] !== undefined) return { json: { ...json }, headers }
  throw new Fault('ANSWER_UNREADABLE', `${method} ${host}${pathname}: this is not the answer of a gateway.`, {
    host,
    status,
  })
}

function sameBytes(sent: Buffer, { json }: Asked): string {
  const arrived = isObject(json['body']) ? json['body'] : {}
  const digest = createHash('sha256').update(sent).digest('hex')
  if (arrived['sha256'] === digest) return `${String(sent.length)} bytes arrive as they were sent`
  const bytes = Number(arrived['bytes'] ?? 0)
  throw new Fault(
    'BODY_CHANGED',
    `${String(sent.length)} bytes were sent and ${String(bytes)} arrived, with another digest.`,
    { sent: sent.length, arrived: bytes, digest, arrivedDigest: textOf(arrived['sha256']) },
  )
}

/** Text that neither packs to nothing nor repeats where a filter could shorten it. */
function pattern(length: number): Buffer {
  const line = (i: number): string => `${String(i)};${createHash('sha256').update(String(i)).digest('hex')}\n`
  let text = ''
  for (let i = 0; text.length < length; i++) text += line(i)
  return Buffer.from(text.slice(0, length))
}
