import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { finished, pipeline, Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Fault } from '../../core/fault'
import type { HttpClient, HttpOptions, HttpRequest, HttpResponse, HttpUpload } from '../../core/ports'
import type { Engine, EngineAnswer, Progress } from './engine'
import { exchangeFault, proxyFault } from './fault'
import { probe } from './probe'
import { portOf, proxyFor } from './proxy'

/** More than a page of records should ever have; larger answers are read as streams. */
const LARGEST_ANSWER = 256 * 1024 * 1024
const MOST_REDIRECTS = 5

/** The http port over one of the two engines. */
export function httpClient(engine: Engine, options: HttpOptions): HttpClient {
  const timeoutMs = options.timeoutMs ?? 60_000
  const proxies = new Map<string, URL | undefined>()

  /** Found once for each server. */
  function proxyOf(url: URL): URL | undefined {
    if (!proxies.has(url.origin)) proxies.set(url.origin, proxyFor(url, options))
    return proxies.get(url.origin)
  }

  async function begin(request: HttpRequest | HttpUpload): Promise<Opened> {
    const url = addressOf(request.url)
    const deadline = new Deadline(request.timeoutMs ?? timeoutMs, request.signal)
    const progress: Progress = { sent: false }
    const fail = async (error: unknown): Promise<never> => {
      deadline.end()
      request.signal?.throwIfAborted()
      if (deadline.expired) progress.expired ??= 'answer'
      throw await exchangeFault(error, {
        method: request.method,
        url,
        proxy: proxyOf(url),
        progress,
        options,
      })
    }
    try {
      const answer = await follow(request, url, deadline, progress)
      return { answer, deadline, fail }
    } catch (error) {
      return await fail(error)
    }
  }

  /** Only what changes nothing is sent again, and only to the same host, never from https to http. */
  async function follow(
    request: HttpRequest | HttpUpload,
    url: URL,
    deadline: Deadline,
    progress: Progress,
  ): Promise<EngineAnswer> {
    let to = url
    for (let hop = 0; ; hop++) {
      const proxy = proxyOf(to)
      const answer = await engine.exchange({
        method: request.method,
        url: to,
        proxy,
        headers: { 'accept-encoding': 'gzip, deflate, br', ...request.headers },
        body: bodyOf(request.body, deadline),
        signal: deadline.signal,
        progress,
      })
      // Whoever reads the body sees its error; one that nobody reads must not end the process.
      answer.body.on('error', () => undefined)
      if (proxy !== undefined && isProxyAnswer(answer))
        throw proxyFault(answer.status, answer.headers, to, proxy)
      const next = hop < MOST_REDIRECTS ? redirect(request.method, answer, to) : undefined
      if (next === undefined) return answer
      answer.body.destroy()
      to = next
    }
  }

  async function exchange(request: HttpRequest | HttpUpload): Promise<HttpResponse> {
    const { answer, deadline, fail } = await begin(request)
    try {
      const body = await collect(decoded(answer, request.method), request)
      deadline.end()
      // undici frees the connection in the next turn: what the caller does with the answer may take longer than the call
      await nextTurn()
      return { status: answer.status, headers: answer.headers, body }
    } catch (error) {
      return await fail(error)
    }
  }

  return {
    send: exchange,
    upload: exchange,

    async stream(request) {
      const { answer, deadline, fail } = await begin(request)
      async function* body(): AsyncGenerator<Uint8Array> {
        try {
          for await (const chunk of decoded(answer, request.method) as AsyncIterable<Uint8Array>) {
            deadline.restart()
            yield chunk
          }
        } catch (error) {
          await fail(error)
        } finally {
          deadline.end()
          answer.body.destroy()
        }
      }
      return { status: answer.status, headers: answer.headers, body: body() }
    },

    probe: (url) => probe(addressOf(url), options),
    close: () => engine.close(),
  }
}

interface Opened {
  answer: EngineAnswer
  deadline: Deadline
  fail: (error: unknown) => Promise<never>
}

/** Aborts after a time of silence, or with the caller's signal. */
class Deadline {
  expired = false
  private readonly controller = new AbortController()
  private readonly timer: NodeJS.Timeout
  private readonly abort = () => {
    this.controller.abort(this.outer?.reason)
  }

  constructor(
    ms: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    outer?.throwIfAborted()
    outer?.addEventListener('abort', this.abort, { once: true })
    this.timer = setTimeout(() => {
      this.expired = true
      this.controller.abort()
    }, ms)
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  restart(): void {
    this.timer.refresh()
  }

  end(): void {
    clearTimeout(this.timer)
    this.outer?.removeEventListener('abort', this.abort)
  }
}

function addressOf(text: string): URL {
  const url = URL.parse(text)
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url
  throw new Fault('ADDRESS_INVALID', 'the address of the request is not a complete http or https URL')
}

function bodyOf(
  body: HttpRequest['body'] | HttpUpload['body'],
  deadline: Deadline,
): Buffer | Readable | undefined {
  if (body === undefined) return undefined
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return Readable.from(watched(body, deadline), { objectMode: false })
}

/** As long as something is sent, there is no silence. */
async function* watched(body: AsyncIterable<Uint8Array>, deadline: Deadline): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    deadline.restart()
    yield chunk
  }
}

/** squid names itself where it answers for a server that it forwards plain http to. */
function isProxyAnswer(answer: EngineAnswer): boolean {
  return answer.fromProxy || answer.headers['x-squid-error'] !== undefined
}

function redirect(method: string, answer: EngineAnswer, from: URL): URL | undefined {
  const { location } = answer.headers
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return undefined
  const to = URL.parse(location, from.href)
  if (to === null || to.hostname !== from.hostname || !['GET', 'HEAD'].includes(method)) return undefined
  const upgrade = from.protocol === 'http:' && to.protocol === 'https:'
  return upgrade || (to.protocol === from.protocol && portOf(to) === portOf(from)) ? to : undefined
}

function decoded(answer: EngineAnswer, method: string): Readable {
  const decoder =
    method === 'HEAD' || [204, 304].includes(answer.status) ? undefined : decoderFor(answer.headers)
  // An error on either side arrives where the result is read.
  return decoder === undefined ? answer.body : pipeline(answer.body, decoder, () => undefined)
}

function decoderFor(headers: Readonly<Record<string, string>>) {
  switch (headers['content-encoding']?.toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    case undefined:
    default:
      return undefined
  }
}

/** By events: a loop over the stream costs a handful of promises for every chunk. */
function collect(body: Readable, request: HttpRequest | HttpUpload): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let bytes = 0
    body.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length
      if (bytes > LARGEST_ANSWER) body.destroy(tooLarge(request, bytes))
      else chunks.push(chunk)
    })
    finished(body, (error) => {
      if (error) reject(error)
      else resolve(Buffer.concat(chunks))
    })
  })
}

function tooLarge({ method, url }: HttpRequest | HttpUpload, bytes: number): Fault {
  const { host } = new URL(url)
  return new Fault('ANSWER_TOO_LARGE', `${method} ${host}: the answer has more than 256 MiB`, { host, bytes })
}
