import type { SyncMode } from '../connector'
import type { ExceptionFilter } from './exception'

/** What a retry is to send again. It is kept with the run, so that an interrupted one is finished with the same. */
export type Choice =
  | { ids: readonly number[] }
  /** Exceptions that came later are left for the next retry. */
  | { filter: ExceptionFilter; upTo: number }
  /** The records of a reconciliation's open breaks that the target lacks or holds otherwise. */
  | { reconciliation: string }

/** What a person asked to be sent again, and how. */
export interface Retry {
  choice: Choice
  who: string
  /** Records per second at most. */
  rate?: number
  /** What becomes of a fix whose guard no longer holds; absent: its record is left alone. */
  stale?: 'rebase' | 'discard'
  /** That of the file that all of it was sent in, where that is not the workflow's. */
  mode?: SyncMode
  /** Also what an earlier attempt may have written, as if it had not. */
  again?: boolean
}
