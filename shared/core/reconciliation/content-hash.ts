import { parsePrinted } from '../format/json'
import type { Signer } from '../ports'
import { canonicalText } from '../record/canonical'
import type { Value } from '../record/value'
import type { Break } from './break'
import type { Reconciliation } from './reconciliation'

/** Items of a list that take a few milliseconds. */
const TURN = 100

/**
 * What a person signs: SHA-256 in hex over the canonical text of the summary without its hash, chained over every break
 * in the order of the log. The ids that a store gives are no content.
 *
 * @param turn gives others a turn
 */
export async function contentHash(
  summary: Omit<Reconciliation, 'contentHash'>,
  breaks: AsyncIterable<readonly Break[]>,
  signer: Pick<Signer, 'digest'>,
  turn: () => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const content = await summaryText({ ...summary, contentHash: undefined }, turn)
  let hash = signer.digest('sha256', content, 'hex')
  for await (const page of breaks) {
    for (const one of page) hash = signer.digest('sha256', `${hash}\n${canonicalText(valueOf(one))}`, 'hex')
  }
  return hash
}

/** Its canonical text, made piece by piece: there may be thousands of groups. */
async function summaryText(
  summary: Readonly<Record<string, unknown>>,
  turn: () => Promise<void>,
): Promise<string> {
  const fields: string[] = []
  for (const name of Object.keys(summary).sort()) {
    const value = summary[name]
    if (value === undefined) continue
    const text = Array.isArray(value) ? await listText(value, turn) : printedText(value)
    fields.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${fields.join(',')}}`
}

async function listText(items: readonly unknown[], turn: () => Promise<void>): Promise<string> {
  const texts: string[] = []
  for (const item of items) {
    texts.push(printedText(item))
    if (texts.length % TURN === 0) await turn()
  }
  return `[${texts.join(',')}]`
}

function printedText(value: unknown): string {
  return canonicalText(parsePrinted(JSON.stringify(value)))
}

/** Everything of it in one order; what is absent is an empty list, so that it is not taken for null. */
function valueOf(one: Break): Value {
  const { kind, key, rule, source, target, records, fields, dimensions, effect } = one
  return [
    kind,
    key,
    rule,
    maybe(source),
    maybe(target),
    records ? [records.source, records.target] : [],
    fields.map((field) => [field.field, maybe(field.source), maybe(field.target), maybe(field.difference)]),
    dimensions,
    effect,
    one.state,
    maybe(one.cause),
    maybe(one.firstSeen),
    maybe(one.hash),
    ...(one.maskedKey === undefined ? [] : [one.maskedKey]),
  ]
}

function maybe(value: Value | undefined): Value {
  return value === undefined ? [] : [value]
}
