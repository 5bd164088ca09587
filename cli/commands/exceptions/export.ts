import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Exception } from '../../../shared/core/exceptions/exception'
import type { DataRecord } from '../../../shared/core/record/value'
import type { Act } from '../../cli'
import { writeCsv } from '../../csv-file'
import { EXIT } from '../../exit'
import { count, time } from '../../print/number'
import { addFilters, filterOf, type Filters } from './selection'

export function addExport(exceptions: Command, act: Act): void {
  const command = exceptions
    .command('export')
    .description('write exceptions as CSV, with all columns of their records, for a spreadsheet')
  addFilters(command)
    .option('--out <file>', 'where to', 'exceptions.csv')
    .action((options: Filters & { out: string }) =>
      act((cli) =>
        cli.withWorkspace(async ({ inbox }) => {
          const file = resolve(cli.world.cwd, options.out)
          const filter = filterOf(options, inbox)
          const rows = async function* (): AsyncGenerator<DataRecord[]> {
            for await (const page of inbox.all(filter)) yield page.map(row)
          }
          const written = await writeCsv(file, rows)
          cli.answer({ file, exceptions: written }, `${count(written)} exceptions: ${file}`)
          return EXIT.ok
        }),
      ),
    )
}

/** What a person needs to decide, then the record as it was read; no field of a record is called like the first. */
function row(exception: Exception): DataRecord {
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
    tieout_first_seen: time(firstSeen),
    tieout_last_seen: time(lastSeen),
    tieout_due: due === undefined ? null : time(due),
    tieout_assignee: assignee ?? null,
    tieout_tags: tags.join(', '),
    ...last.record,
  }
}
