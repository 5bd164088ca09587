import { absolute, counted, isZero, numberText } from '../../words'
import type { BreakKind } from '../break'
import type { MeasureTie, Reconciliation } from '../reconciliation'

export const KIND: Readonly<Record<BreakKind, string>> = {
  'missing-in-source': 'only in the target',
  'missing-in-target': 'only in the source',
  duplicate: 'duplicates',
  differs: 'fields differ',
}

/** The result in one sentence: 'Does not tie out: 340 records differ, quantity off by 1,234.50'. */
export function tieOutText(reconciliation: Reconciliation): string {
  const { status, breaks, compared, measures, fault } = reconciliation
  switch (status) {
    case 'failed':
      return `Not reconciled: ${fault?.title ?? 'the run did not end'}`
    case 'ties-out':
      return `Ties out: ${agreement(compared)}${exceptFor(breaks)}`
    case 'breaks':
      return `Does not tie out: ${[disagreement(breaks.open), ...measures.flatMap(offBy)].join(', ')}`
  }
}

function agreement({ pairs, tolerated }: Reconciliation['compared']): string {
  const within = tolerated > 0 ? `, ${numberText(tolerated)} of them within tolerance` : ''
  return `${counted(pairs, 'pair')} of records ${pairs === 1 ? 'agrees' : 'agree'}${within}`
}

function exceptFor({ pending, accepted }: Reconciliation['breaks']): string {
  const parts = [
    ...(pending > 0 ? [`${numberText(pending)} still pending`] : []),
    ...(accepted > 0 ? [counted(accepted, 'accepted difference')] : []),
  ]
  return parts.length === 0 ? '' : `; ${parts.join(' and ')}`
}

function disagreement(open: number): string {
  if (open === 0) return 'every record agrees within its tolerance'
  return open === 1 ? '1 record differs' : `${numberText(open)} records differ`
}

function offBy({ measure, difference, tiesOut }: MeasureTie): string[] {
  if (isZero(difference)) return [`${measure} agrees in total`]
  return tiesOut ? [] : [`${measure} off by ${numberText(absolute(difference))}`]
}
