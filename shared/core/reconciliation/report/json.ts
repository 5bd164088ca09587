import type { Report } from './report'

/** The reconciliation with its signatures and, streamed, its breaks. */
export async function* jsonReport({ reconciliation, breaks, signatures }: Report): AsyncIterable<string> {
  const head = JSON.stringify({ ...reconciliation, signatures }, undefined, 2)
  yield `${head.slice(0, -2)},\n  "breakList": [`
  let first = true
  for await (const page of breaks()) {
    for (const one of page) {
      yield `${first ? '' : ','}\n    ${JSON.stringify(one)}`
      first = false
    }
  }
  yield `${first ? '' : '\n  '}]\n}\n`
}
