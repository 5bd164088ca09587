import type { Command } from 'commander'
import type { Act } from '../cli'
import { EXIT } from '../exit'
import { signatureText } from '../print/reconciliation'
import { writeReport } from '../report-files'
import { whoIs } from '../who'

interface Options {
  period: string
  as?: string
  comment?: string
}

export function addSignOff(program: Command, act: Act): void {
  program
    .command('sign-off')
    .description('close a month with a reconciliation: who, when, and for which content')
    .argument('<id>', 'of the reconciliation, as its report shows it')
    .requiredOption('--period <month>', 'such as 2026-11; closed once')
    .option('--as <name>', 'who signs (default: the user of this computer)')
    .option('--comment <text>', 'needed when breaks are open')
    .action((id: string, { period, as, comment = '' }: Options) =>
      act((cli) =>
        cli.withWorkspace(async ({ reports }) => {
          const who = whoIs(as, cli.world.env)
          const signature = await reports.signOff({ id, period, who, comment })
          const report = await reports.report(await reports.find(id))
          const [file = ''] = await writeReport(report, 'html', cli.runFile(id, 'report.html'))
          cli.answer(
            { ...signature, report: file },
            [
              `Signed ${signatureText(signature)}`,
              `Content: SHA-256 ${signature.contentHash}`,
              `Report: ${file}`,
            ].join('\n'),
          )
          return EXIT.ok
        }),
      ),
    )
}
