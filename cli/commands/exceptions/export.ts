import { resolve } from 'node:path'
import type { Command } from 'commander'
import { exceptionRow } from '../../../shared/core/exceptions/row'
import type { DataRecord } from '../../../shared/core/record/value'
import type { Act } from '../../cli'
import { writeCsv } from '../../csv-file'
import { EXIT } from '../../exit'
import { count } from '../../print/number'
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
            for await (const page of inbox.all(filter)) yield page.map(exceptionRow)
          }
          const written = await writeCsv(file, rows)
          cli.answer({ file, exceptions: written }, `${count(written)} exceptions: ${file}`)
          return EXIT.ok
        }),
      ),
    )
}
