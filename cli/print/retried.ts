import type { Retried } from '../../shared/core/exceptions/retry'
import type { RunFiles } from '../run-files'
import { count } from './number'
import { receiptText } from './receipt'
import type { Style } from './style'

const SHOWN = 10

/** The receipt of a retry, and what it did not send. */
export function retriedText(
  { receipt, gone, stale, targetOnly, uploaded, otherKey }: Retried,
  files: RunFiles,
  marks: Style,
): string {
  const lines = [receiptText(receipt, files, marks)]
  if (gone.length > 0)
    lines.push('', `${amount(gone)} resolved: the source no longer has them (${some(gone)}).`)
  if (stale.length > 0)
    lines.push(
      '',
      `${amount(stale)} not sent: the source has changed what the fix corrects (${some(stale)}).`,
      '  keep the fix on what the source has now: --rebase',
      '  send what the source has now without it: --discard',
    )
  if (targetOnly.length > 0)
    lines.push(
      '',
      `${amount(targetOnly)} left alone: only the target has them; the next mirror run deletes them (${some(targetOnly)}).`,
    )
  if (uploaded.length > 0)
    lines.push(
      '',
      `${amount(uploaded)} not sent: they came in files that are not kept here or cannot be read; correct them and send them again (${some(uploaded)}).`,
    )
  if (otherKey.length > 0)
    lines.push(
      '',
      `${amount(otherKey)} not sent: the target has them under another key, and would have them twice; bring the key into its form under map (${some(otherKey)}).`,
    )
  return lines.join('\n')
}

function amount(ids: readonly number[]): string {
  return ids.length === 1 ? '1 exception' : `${count(ids.length)} exceptions`
}

function some(ids: readonly number[]): string {
  const more = ids.length > SHOWN ? ` and ${count(ids.length - SHOWN)} more` : ''
  return ids.slice(0, SHOWN).join(', ') + more
}
