import { parsePrinted } from '../format/json'
import type { Signer } from '../ports'
import { canonicalText } from '../record/canonical'
import type { Value } from '../record/value'
import type { Break } from './break'
import type { Reconciliation } from './reconciliation'

/**
 * What a person signs: SHA-256 in hex over the canonical text of the summary without its hash, chained over every break
 * in the order of the log. The ids that a store gives are no content.
 */
export async function contentHash(
  summary: Omit<Reconciliation, 'contentHash'>,
  breaks: AsyncIterable<readonly Break[]>,
  signer: Pick<Signer, 'digest'>,
): Promise<string> {
  const content = parsePrinted(JSON.stringify({ ...summary, contentHash: undefined }))
  let hash = signer.digest('sha256', canonicalText(content), 'hex')
  for await (const page of breaks) {
    for (const one of page) hash = signer.digest('sha256', `${hash}\n${canonicalText(valueOf(one))}`, 'hex')
  }
  return hash
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
  ]
}

function maybe(value: Value | undefined): Value {
  return value === undefined ? [] : [value]
}
