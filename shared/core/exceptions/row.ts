import type { DataRecord } from '../record/value'
import type { Exception } from './exception'

/**
 * An exception as a row of a spreadsheet: what a person needs to decide, then the record as it was read. No field of a
 * record is called like the first.
 */
export function exceptionRow(exception: Exception): DataRecord {
  const { id, workflow, state, attempts, firstSeen, lastSeen, due, assignee, tags, last } = exception
  return {
    tieout_id: id,
    tieout_workflow: workflow,
    tieout_state: state,
    tieout_place: last.place,
    tieout_code: last.code,
    tieout_message: last.message,
    tieout_field: last.pointer?.replace(/^\//, '') ?? null,
    tieout_runs: attempts,
    tieout_first_seen: moment(firstSeen),
    tieout_last_seen: moment(lastSeen),
    tieout_due: due === undefined ? null : moment(due),
    tieout_assignee: assignee ?? null,
    tieout_tags: tags.join(', '),
    ...last.record,
  }
}

/** UTC, to the second, as spreadsheets read it. */
function moment(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
