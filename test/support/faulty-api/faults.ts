import type http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { rendered, send, type Reply } from './wire'

/** What may go wrong with one call. Unless it says otherwise, the call has no effect. */
export type Fault =
  | { do: 'answer'; status: number; headers?: Record<string, string>; body?: unknown }
  /** Has its effect, late. */
  | { do: 'slow'; ms: number }
  /** The connection is reset at once. */
  | { do: 'reset' }
  /** Has its effect; the connection breaks in the middle of the answer. */
  | { do: 'truncate' }
  /** Has its effect; its answer never comes. */
  | { do: 'lose answer' }
  /** Has its effect; the answer is a web page. */
  | { do: 'html'; status?: number; page?: string }
  /** Has its effect; nobody knows what the answer means. */
  | { do: 'unknown body' }
  /** Has its effect; the list of results is not that of the batch. */
  | { do: 'shorter' | 'longer' | 'reversed' }

const PAGE = '<!DOCTYPE html><html><head><title>Welcome</title></head><body>It works</body></html>'

export async function breakAnswer(
  fault: Fault,
  response: http.ServerResponse,
  answer: () => Promise<Reply>,
): Promise<void> {
  switch (fault.do) {
    case 'answer':
      send(response, fault)
      return
    case 'slow':
      await sleep(fault.ms)
      send(response, await answer())
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'truncate':
      await truncate(response, await answer())
      return
    case 'lose answer':
      await answer()
      response.socket?.destroy()
      return
    case 'html':
      await answer()
      send(response, {
        status: fault.status ?? 200,
        headers: { 'content-type': 'text/html' },
        body: fault.page ?? PAGE,
      })
      return
    case 'unknown body':
      await answer()
      send(response, { status: 200, body: { ok: 'perhaps' } })
      return
    case 'shorter':
    case 'longer':
    case 'reversed':
      send(response, otherList(fault.do, await answer()))
  }
}

async function truncate(response: http.ServerResponse, reply: Reply): Promise<void> {
  const { head, body } = rendered(reply)
  response.writeHead(reply.status, head)
  response.write(body.slice(0, Math.floor(body.length / 2)))
  await sleep(20)
  response.socket?.destroy()
}

function otherList(how: 'shorter' | 'longer' | 'reversed', reply: Reply): Reply {
  const { body } = reply
  if (typeof body !== 'object' || body === null || !('results' in body) || !Array.isArray(body.results))
    return reply
  const results: unknown[] = body.results
  if (how === 'shorter') return { ...reply, body: { results: results.slice(0, -1) } }
  if (how === 'longer') return { ...reply, body: { results: [...results, results[0]] } }
  return { ...reply, body: { results: results.toReversed() } }
}
