import type { BreakKind, BreakLog, KeptBreak } from './break'
import type { Reconciliation } from './reconciliation'

/** The part of the state that reconciliations live in. Every method that writes is one durable transaction. */
export interface ReconciliationStore {
  /** A log for the breaks of one run; those of an earlier attempt are gone. */
  breakLog(run: string): BreakLog
  breaks(filter: BreakFilter, page: { limit: number; after?: number }): Promise<KeptBreak[]>
  /** When the open breaks of the last reconciliation were first found, by kind and key. */
  ages(workflow: string): AsyncIterable<readonly { kind: BreakKind; key: string; firstSeen: number }[]>
  saveReconciliation(reconciliation: Reconciliation): Promise<void>
  reconciliation(id: string): Promise<Reconciliation | undefined>
  /** Newest first. */
  reconciliations(filter: { workflow?: string; limit: number }): Promise<Reconciliation[]>

  /** What may disagree, by decision of a person. */
  decide(decision: Decision): Promise<void>
  decisions(workflow: string): Promise<Decision[]>

  /** @throws Fault PERIOD_CLOSED when the period has a signature already */
  signOff(signature: Signature): Promise<void>
  signatures(workflow: string): Promise<Signature[]>
}

export interface BreakFilter {
  run: string
  kind?: BreakKind
  cause?: string
  state?: 'open' | 'pending' | 'accepted'
  /** By dimension in their order; '' leaves one open. */
  dimensions?: readonly string[]
  field?: string
}

/** A standing rule on one break, in force while both sides hold just what they held when it was made. */
export interface Decision {
  workflow: string
  key: string
  kind: BreakKind
  decision: 'accept-target' | 'ignore'
  /** 16 hexadecimal digits over the records of both sides as compared. */
  hash: string
  reason: string
  who: string
  at: number
  until?: number
}

export interface Signature {
  reconciliation: string
  workflow: string
  /** Such as 2026-11: signed once. */
  period: string
  who: string
  at: number
  comment: string
  contentHash: string
}
