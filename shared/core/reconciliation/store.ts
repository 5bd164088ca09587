import type { Turns } from '../exceptions/store'
import type { Keep } from '../keep'
import type { Age } from './ages'
import type { BreakKind, BreakLog, KeptBreak } from './break'
import type { Reconciliation } from './reconciliation'

/** The part of the state that reconciliations live in. Every method that writes is one durable transaction. */
export interface ReconciliationStore {
  /** A log for the breaks of one run; those of an earlier attempt are gone. */
  breakLog(run: string): BreakLog
  /** By key, then kind; `after` is the id of the last one seen. */
  breaks(filter: BreakFilter, page: { limit: number; after?: number }): Promise<KeptBreak[]>
  countBreaks(filter: BreakFilter): Promise<number>
  /** When the breaks of the last reconciliation that did not fail were first found, in the order of breaks. */
  ages(workflow: string): AsyncIterable<readonly Age[]>
  /** Also removes the breaks of reconciliations that are neither signed nor among the newest `KEPT_BREAKS`. */
  saveReconciliation(reconciliation: Reconciliation): Promise<void>
  reconciliation(id: string): Promise<Reconciliation | undefined>
  /** Newest first; `before` is the id of the last one seen. */
  reconciliations(filter: { workflow?: string; limit: number; before?: string }): Promise<Reconciliation[]>

  /** Keeps what may disagree, by decision of a person, with what becomes of the exceptions that were decided on. */
  decide(decisions: readonly Decision[], turns?: Turns): Promise<void>
  /** What was decided on these keys stands no more. */
  withdraw(workflow: string, keys: readonly string[]): Promise<void>
  decisions(workflow: string): Promise<Decision[]>
  /** The same page by page, in the order they were made; `after` is the id of the last one seen. */
  decisionPage(workflow: string, page: { limit: number; after?: number }): Promise<KeptDecision[]>

  /**
   * Leaves the event `reconciliation.signed-off`.
   * @throws Fault PERIOD_CLOSED when the period has a signature already
   */
  signOff(signature: Signature, keep?: Keep<Signature>): Promise<void>
  /** Newest period first. */
  signatures(workflow: string): Promise<Signature[]>
}

/** Reconciliations of a workflow whose breaks are kept; of signed ones they always are. The summaries all stay. */
export const KEPT_BREAKS = 10

export interface BreakFilter {
  run: string
  key?: string
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
  /** 16 hexadecimal digits over the source's record as it is sent: a sync leaves just that alone. */
  source?: string
  reason: string
  who: string
  at: number
  until?: number
  /** The decision of which it is a part, and the exception that was decided on. */
  run?: string
  exception?: number
}

export interface KeptDecision extends Decision {
  /** Ascending in the order they were made. */
  id: number
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
