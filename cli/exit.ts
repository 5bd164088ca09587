import type { Receipt } from '../shared/core/bulk-sync/receipt'
import type { Fault } from '../shared/core/fault'
import type { Reconciliation } from '../shared/core/reconciliation/reconciliation'

/** What the process answers to the shell or scheduler that started it. */
export const EXIT = {
  /** Everything asked for was done, and a receipt balances without exceptions. */
  ok: 0,
  /** The run could not go on, or something does not hold. */
  failed: 1,
  /** The command or the definition has to be corrected first. */
  usage: 2,
  /** The run ended with exceptions or open breaks, or a guard holds it. */
  exceptions: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export function exitOfFault(fault: Fault): ExitCode {
  return fault.entry.category === 'config' ? EXIT.usage : EXIT.failed
}

export function exitOfReconciliation({ status }: Reconciliation): ExitCode {
  switch (status) {
    case 'ties-out':
      return EXIT.ok
    case 'breaks':
      return EXIT.exceptions
    case 'failed':
      return EXIT.failed
  }
}

export function exitOfReceipt({ status, balanced }: Receipt): ExitCode {
  if (!balanced) return EXIT.failed
  switch (status) {
    case 'succeeded':
      return EXIT.ok
    case 'exceptions':
    case 'held':
      return EXIT.exceptions
    case 'interrupted':
    case 'failed':
      return EXIT.failed
  }
}
