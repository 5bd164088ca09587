import { MemoryBreakLog } from '../../../shared/core/reconciliation/memory-log'
import type { ReconciliationStore } from '../../../shared/core/reconciliation/store'

const nothing = (): Promise<void> => Promise.resolve()
const none = (): Promise<never[]> => Promise.resolve([])

/** Nothing of a reconciliation outlives the execution: decisions, ages and signatures live on a gateway. */
export const noReconciliations: ReconciliationStore = {
  breakLog: () => new MemoryBreakLog(),
  breaks: none,
  countBreaks: () => Promise.resolve(0),
  async *ages() {
    // the first of its kind
  },
  saveReconciliation: nothing,
  reconciliation: () => Promise.resolve(undefined),
  reconciliations: none,
  decide: nothing,
  withdraw: nothing,
  decisions: none,
  decisionPage: none,
  signOff: nothing,
  signatures: none,
}
