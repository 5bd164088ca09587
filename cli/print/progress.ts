import type { Progress } from '../../shared/core/bulk-sync/request'
import type { ReconcileProgress } from '../../shared/core/reconciliation/request'
import type { Output } from '../world'
import { count, duration } from './number'

const EVERY_MS = 200

interface Line<T> {
  show: (progress: T) => void
  clear: () => void
}

export function progressLine(output: Output, now: () => number): Line<Progress> {
  return line(output, now, progressText)
}

export function reconcileLine(output: Output, now: () => number): Line<ReconcileProgress> {
  return line(output, now, reconcileText)
}

/** One line that is written over; nothing when nobody looks at a terminal. */
function line<T>(output: Output, now: () => number, textOf: (progress: T) => string): Line<T> {
  let last = 0
  return {
    show: (progress) => {
      if (!output.terminal || now() - last < EVERY_MS) return
      last = now()
      output.write(`\r\u001b[2K${textOf(progress)}`)
    },
    clear: () => {
      if (last > 0) output.write('\r\u001b[2K')
    },
  }
}

/** '12,000 of 50,000 read, 11,500 written, 3 rejected, 4,000/s, 10 s left' */
export function progressText({ read, total, written, rejected, elapsedMs }: Progress): string {
  const perSecond = elapsedMs > 0 ? (read * 1000) / elapsedMs : 0
  const parts = [
    total === undefined ? `${count(read)} read` : `${count(read)} of ${count(total)} read`,
    `${count(written)} written`,
    ...(rejected > 0 ? [`${count(rejected)} rejected`] : []),
    `${count(Math.round(perSecond))}/s`,
    ...(total !== undefined && perSecond > 0
      ? [`${duration(((total - read) * 1000) / perSecond)} left`]
      : []),
  ]
  return parts.join(', ')
}

/** 'reading: 120,000 records, 60,000/s' */
function reconcileText({ phase, read, elapsedMs }: ReconcileProgress): string {
  if (phase !== 'reading') return `${phase}: ${count(read)} records read`
  const perSecond = elapsedMs > 0 ? (read * 1000) / elapsedMs : 0
  return `reading: ${count(read)} records, ${count(Math.round(perSecond))}/s`
}
