import type { Break } from '../break'
import type { Reconciliation } from '../reconciliation'
import type { Signature } from '../store'

/** What every form of a report is made of. */
export interface Report {
  reconciliation: Reconciliation
  /** In their order, personal fields masked; asked for more than once. */
  readonly breaks: () => AsyncIterable<readonly Break[]>
  /** For this reconciliation. */
  signatures: readonly Signature[]
}
