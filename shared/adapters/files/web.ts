import { Fault } from '../../core/fault'
import type { FileInfo, Http, HttpClient } from '../../core/ports'

export function isUrl(path: string): boolean {
  return /^https?:\/\//i.test(path)
}

/** Files behind http(s) URLs. */
export class WebFiles {
  private client: HttpClient | undefined

  constructor(private readonly http: Http) {}

  async info(url: string): Promise<FileInfo> {
    const { headers, status } = await this.open().send({ method: 'HEAD', url })
    // a server that does not know HEAD still serves the file
    if (status >= 400 && status !== 405 && status !== 501) throw refused(url, status)
    const modified = Date.parse(headers['last-modified'] ?? '')
    return {
      path: url,
      size: Number(headers['content-length'] ?? 0),
      modified: Number.isNaN(modified) ? 0 : modified,
    }
  }

  async *read(url: string): AsyncIterable<Uint8Array> {
    const { status, body } = await this.open().stream({ method: 'GET', url })
    if (status < 200 || status >= 300) throw refused(url, status)
    yield* body
  }

  private open(): HttpClient {
    return (this.client ??= this.http.open({}))
  }
}

function refused(url: string, status: number): Fault {
  const { origin, pathname } = new URL(url)
  // the query may hold a signature or a token
  const file = origin + pathname
  const evidence = { file, status }
  if (status === 404 || status === 410)
    return new Fault('FILE_NOT_FOUND', `${file} answered ${status}`, evidence)
  if (status === 429) return new Fault('RATE_LIMITED', `${file} answered ${status}: too many calls`, evidence)
  if (status >= 500)
    return new Fault('UPSTREAM_ERROR', `${file} answered ${status}: the service failed`, evidence)
  return new Fault('FILE_NOT_READABLE', `${file} answered ${status}`, evidence)
}
