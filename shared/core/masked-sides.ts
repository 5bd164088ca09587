import { MalformedRow, type Answer, type Batch, type Page, type Source, type Target } from './connector'
import { Fault } from './fault'
import { maskText } from './record/mask'
import type { DataRecord } from './record/value'

// Services repeat what they were sent when they refuse it. Whatever a connector tells of that is masked before anybody
// can keep or show it.

/** A target whose answers and faults show nothing personal of the records that they are about. */
export function maskedTarget(target: Target, personal: readonly string[]): Target {
  if (personal.length === 0) return target
  const about = async (batch: Batch, answering: Promise<Answer[]>): Promise<Answer[]> => {
    const answers = await masked(recordsOf(batch), personal, answering)
    return answers.map((answer, at) => maskedAnswer(answer, batch.writes[at]?.record ?? {}, personal))
  }
  const plan = target.plan?.bind(target)
  const lookup = target.lookup?.bind(target)
  const keys = target.keys?.bind(target)
  const fingerprint = target.fingerprint?.bind(target)
  const finish = target.finish?.bind(target)
  return {
    abilities: target.abilities,
    ...(target.address === undefined ? {} : { address: target.address }),
    ...(target.json && { json: target.json }),
    write: (batch, signal) => about(batch, target.write(batch, signal)),
    ...(plan && { plan: (batch, signal) => about(batch, plan(batch, signal)) }),
    ...(lookup && { lookup: (asked, signal) => masked(asked, personal, lookup(asked, signal)) }),
    ...(keys && { keys }),
    ...(fingerprint && { fingerprint }),
    ...(finish && { finish }),
  }
}

/** A source whose faults show nothing personal of the keys that it was asked for, nor of the record that it went on from. */
export function maskedSource(source: Source, personal: readonly string[]): Source {
  if (personal.length === 0) return source
  const lookup = source.lookup?.bind(source)
  const csvFiles = source.csvFiles?.bind(source)
  const snapshot = source.snapshot?.bind(source)
  return {
    typed: source.typed,
    ...(source.address === undefined ? {} : { address: source.address }),
    ...(source.fields && { fields: source.fields }),
    ...(source.json && { json: source.json }),
    read: (request) => maskedPages(source.read(request), personal),
    ...(lookup && { lookup: (asked) => masked(asked, personal, lookup(asked)) }),
    ...(csvFiles && { csvFiles }),
    ...(snapshot && { snapshot }),
  }
}

async function* maskedPages(pages: AsyncIterable<Page>, personal: readonly string[]): AsyncGenerator<Page> {
  let last: DataRecord = {}
  try {
    for await (const page of pages) {
      const row = page.rows.at(-1)
      if (row && !(row instanceof MalformedRow)) last = row
      yield page
    }
  } catch (error) {
    throw error instanceof Fault ? maskedFault(error, [last], personal) : error
  }
}

function recordsOf({ writes }: Batch): DataRecord[] {
  return writes.flatMap(({ record, key }) => [record, key])
}

async function masked<T>(
  records: readonly DataRecord[],
  personal: readonly string[],
  work: Promise<T>,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof Fault ? maskedFault(error, records, personal) : error
  }
}

function maskedFault(fault: Fault, records: readonly DataRecord[], personal: readonly string[]): Fault {
  const { code, detail, retryAfterMs, cause } = fault
  const hidden = (text: string): string => maskText(text, records, personal)
  const evidence: Record<string, string | number | boolean | null> = {}
  for (const [name, fact] of Object.entries(fault.evidence))
    evidence[name] = typeof fact === 'string' ? hidden(fact) : fact
  return new Fault(code, hidden(detail), evidence, retryAfterMs, { cause })
}

function maskedAnswer(answer: Answer, record: DataRecord, personal: readonly string[]): Answer {
  if (answer.outcome !== 'rejected' && answer.outcome !== 'unknown') return answer
  return { ...answer, message: maskText(answer.message, [record], personal) }
}
