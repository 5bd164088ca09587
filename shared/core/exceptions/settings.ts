export interface ExceptionSettings {
  /** From the first failure until it is due, in milliseconds. */
  dueMs: number
  /** How long the content of what is resolved is kept, in milliseconds. */
  retentionMs: number
}

const DAY = 86_400_000
/** Where a workflow says nothing. */
export const EXCEPTION_DEFAULTS: ExceptionSettings = { dueMs: 3 * DAY, retentionMs: 90 * DAY }
