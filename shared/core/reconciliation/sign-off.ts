import { Fault } from '../fault'
import type { Keep } from '../keep'
import type { Clock, Signer } from '../ports'
import { contentHash } from './content-hash'
import { counted } from '../words'
import type { KeptBreak } from './break'
import type { Reconciliation } from './reconciliation'
import type { BreakFilter, ReconciliationStore, Signature } from './store'

export interface SignOffRequest {
  /** Of the reconciliation. */
  id: string
  /** A month, such as 2026-11. */
  period: string
  who: string
  comment: string
  keep?: Keep<Signature> | undefined
}

interface Parts {
  reconciliations: ReconciliationStore
  signer: Pick<Signer, 'digest'>
  clock: Pick<Clock, 'now'>
}

const BREAKS_PER_READ = 1000

/**
 * Closes a period with a reconciliation that holds what it found. Its open breaks are carried forward: the next
 * reconciliation finds them again with their age.
 * @throws Fault PERIOD_INVALID, RECONCILIATION_UNKNOWN, SIGN_OFF_NOT_POSSIBLE, SIGN_OFF_NEEDS_COMMENT, REPORT_CHANGED,
 * PERIOD_CLOSED
 */
export async function signOff(request: SignOffRequest, parts: Parts): Promise<Signature> {
  const { id, period, who, keep } = request
  const comment = request.comment.trim()
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(period))
    throw new Fault('PERIOD_INVALID', `"${period}" is no month; write it like 2026-11.`, { period })
  const reconciliation = await reconciliationOf(id, parts.reconciliations)
  const { workflow, status, breaks } = reconciliation
  if (status === 'failed')
    throw new Fault('SIGN_OFF_NOT_POSSIBLE', `Reconciliation ${id} failed.`, { reconciliation: id })
  if (breaks.open > 0 && comment === '')
    throw new Fault(
      'SIGN_OFF_NEEDS_COMMENT',
      `Reconciliation ${id} has ${counted(breaks.open, 'open break')}; say in a comment why ${period} may be closed with them.`,
      { reconciliation: id, open: breaks.open },
    )
  await verifyContent(reconciliation, parts)
  const { contentHash } = reconciliation
  const at = parts.clock.now()
  const signature = { reconciliation: id, workflow, period, who, at, comment, contentHash }
  await parts.reconciliations.signOff(signature, keep)
  return signature
}

/** @throws Fault REPORT_CHANGED when the stored summary and breaks are not those that were found, or signed */
export async function verifyContent(
  reconciliation: Reconciliation,
  { reconciliations, signer }: Pick<Parts, 'reconciliations' | 'signer'>,
): Promise<void> {
  const { id, workflow } = reconciliation
  const content = await contentHash(reconciliation, breaksOf(reconciliations, { run: id }), signer)
  const signed = (await reconciliations.signatures(workflow)).filter((one) => one.reconciliation === id)
  const hashes = [reconciliation.contentHash, ...signed.map((one) => one.contentHash)]
  if (hashes.every((hash) => hash === content)) return
  throw new Fault(
    'REPORT_CHANGED',
    `The content of reconciliation ${id} has the hash ${content}; it was found with ${reconciliation.contentHash}.`,
    { reconciliation: id, content, found: reconciliation.contentHash },
  )
}

/** @throws Fault RECONCILIATION_UNKNOWN */
export async function reconciliationOf(id: string, store: ReconciliationStore): Promise<Reconciliation> {
  const reconciliation = await store.reconciliation(id)
  if (reconciliation) return reconciliation
  throw new Fault('RECONCILIATION_UNKNOWN', `There is no reconciliation ${id} here.`, { reconciliation: id })
}

/** The breaks that a store keeps, in their order. */
export async function* breaksOf(
  store: ReconciliationStore,
  filter: BreakFilter,
): AsyncGenerator<readonly KeptBreak[]> {
  let after: number | undefined
  for (;;) {
    const page = await store.breaks(filter, {
      limit: BREAKS_PER_READ,
      ...(after === undefined ? {} : { after }),
    })
    const last = page.at(-1)
    if (!last) return
    yield page
    after = last.id
  }
}
