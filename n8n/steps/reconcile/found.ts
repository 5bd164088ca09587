import type { KeptBreak } from '../../../shared/core/reconciliation/break'
import type { Reconciliation } from '../../../shared/core/reconciliation/reconciliation'
import type { InputRecords } from '../../host/items'

/** What both sides came to. */
export interface Found {
  /** Names of the fields that a key is made of. */
  key: readonly string[]
  result: Reconciliation
  breaks: readonly KeptBreak[]
  source: InputRecords
  target: InputRecords
}
