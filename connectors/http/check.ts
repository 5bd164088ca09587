import type { CheckStep } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import type { Clock, HttpClient, HttpResponse } from '../../shared/core/ports'
import type { Api } from './api'
import { source } from './read'
import type { DataRecord } from '../../shared/core/record/value'
import { text } from '../../shared/core/settings'

/** More than this, and tokens and signatures are refused. */
const CLOCK_TOLERANCE_MS = 60_000

export interface CheckedStream {
  name: string
  use: 'source' | 'target'
  settings: DataRecord
}

/** From the name of the host to one page, step by step; the first failed step ends it. */
export async function* check(
  api: Api,
  client: HttpClient,
  clock: Clock,
  stream: CheckedStream | undefined,
): AsyncGenerator<CheckStep> {
  try {
    if (client.probe === undefined) {
      yield { name: 'network', result: 'notDone', detail: 'the platform does not let us look below HTTP' }
    } else {
      for await (const { name, detail, fault } of client.probe(api.baseUrl)) {
        yield fault === undefined ? { name, result: 'passed', detail } : failed(name, fault)
        if (fault !== undefined) return
      }
    }
    yield* checkApi(api, clock, stream)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    yield failed(stream === undefined ? 'answer' : 'stream', error)
  }
}

async function* checkApi(
  api: Api,
  clock: Clock,
  stream: CheckedStream | undefined,
): AsyncGenerator<CheckStep> {
  const path = stream === undefined ? '' : (text(stream.settings, 'path') ?? '')
  const write = stream?.use === 'target'
  // A target is asked what it allows: that changes nothing.
  const { response, fault } = await api.call({
    method: write ? 'OPTIONS' : 'GET',
    path: path.includes('{') ? '' : path,
    declared: path,
    use: 'read',
  })
  yield clockStep(response, clock)
  if (fault !== undefined && fault.entry.category === 'auth') {
    yield failed('credentials', fault)
    return
  }
  yield { name: 'credentials', result: 'passed', detail: 'the service did not refuse them' }
  if (stream === undefined) return
  yield write ? writeStep(response, fault) : await pageStep(api, stream)
}

async function pageStep(api: Api, { settings }: CheckedStream): Promise<CheckStep> {
  const controller = new AbortController()
  for await (const page of source(api, settings, [], 1).read({ pageSize: 1, signal: controller.signal })) {
    const total = page.end?.total === undefined ? '' : ` of ${page.end.total}`
    return { name: 'first page', result: 'passed', detail: `${page.rows.length}${total} records` }
  }
  return { name: 'first page', result: 'passed', detail: 'no records' }
}

function writeStep(response: HttpResponse, fault: Fault | undefined): CheckStep {
  const { allow } = response.headers
  if (fault === undefined) {
    return {
      name: 'write',
      result: 'passed',
      detail: allow === undefined ? 'the path is known' : `the path allows ${allow}`,
    }
  }
  return {
    name: 'write',
    result: 'notDone',
    detail: `the service does not say what it allows (${response.status} to OPTIONS)`,
  }
}

function clockStep(response: HttpResponse, clock: Clock): CheckStep {
  const theirs = Date.parse(response.headers['date'] ?? '')
  if (Number.isNaN(theirs))
    return { name: 'clock', result: 'notDone', detail: 'the service does not tell its time' }
  const seconds = Math.round((clock.now() - theirs) / 1000)
  const detail = `our clock is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} that of the service`
  if (Math.abs(seconds) * 1000 <= CLOCK_TOLERANCE_MS) return { name: 'clock', result: 'passed', detail }
  return failed('clock', new Fault('CLOCK_OFF', detail, { seconds }))
}

function failed(name: string, { code, detail }: Fault): CheckStep {
  return { name, result: 'failed', detail, fault: { code, detail } }
}
