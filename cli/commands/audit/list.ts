import type { Command } from 'commander'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { withGatewayState } from '../../gateway-state'
import { auditText } from '../../print/audit'
import { wholeNumber } from '../../whole-number'

export function addList(audit: Command, act: Act): void {
  audit
    .command('list')
    .description('show the latest entries, oldest first')
    .option('--limit <number>', 'entries at most', wholeNumber, 100)
    .option('--after <number>', 'those after this entry in place of the latest', wholeNumber)
    .action(({ limit, after }: { limit: number; after?: number }) =>
      act((cli) =>
        withGatewayState(cli, ({ audit: log }) => {
          const entries = after === undefined ? log.latest(limit) : log.list({ after, limit })
          cli.answer({ entries }, auditText(entries))
          return EXIT.ok
        }),
      ),
    )
}
