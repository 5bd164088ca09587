import type { Command } from 'commander'
import type { Workspace } from '../../../shared/core/workspace'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { stoppable } from '../../interrupt'
import { explanationText } from '../../print/explanation'
import { style } from '../../print/style'

export function addExplain(exceptions: Command, act: Act): void {
  exceptions
    .command('explain')
    .description('what the failures of a group have in common that other records do not')
    .argument('<id or group>', 'number of an exception, or its group as the list names it')
    .action((which: string) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const group = await groupOf(workspace, which)
          const explanation = await stoppable(cli, `tieout exceptions explain ${which}`, (signal) =>
            workspace.remedies.explain(group, signal),
          )
          cli.answer(explanation, explanationText(explanation, style(cli.world.out, cli.world.env)))
          return EXIT.ok
        }),
      ),
    )
}

async function groupOf({ inbox }: Workspace, which: string): Promise<string> {
  if (!/^\d+$/.test(which)) return which
  return (await inbox.show(Number(which))).exception.fingerprint
}
