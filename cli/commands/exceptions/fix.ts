import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { writeMappingRules } from '../../../shared/adapters/definition/edit'
import type { Edits } from '../../../shared/core/exceptions/fix'
import type { Workspace } from '../../../shared/core/workspace'
import type { Act, Cli } from '../../cli'
import { EXIT } from '../../exit'
import { stoppable } from '../../interrupt'
import { fixedText, previewText } from '../../print/fix'
import { whoIs } from '../../who'
import { wholeNumber } from '../../whole-number'

interface Options extends Edits {
  wholeGroup?: boolean
  preview?: boolean
  save?: boolean
  as?: string
}

export function addFix(exceptions: Command, act: Act): void {
  exceptions
    .command('fix')
    .description('correct the record of an exception, or of its whole group; it goes out with the next retry')
    .argument('<id>', 'number of the exception', wholeNumber)
    .option(
      '--set <field=value...>',
      'what a field of the source record is to be; field:=JSON for a number, true or null',
    )
    .option('--unset <field...>', 'takes a field out')
    .option('--whole-group', 'on every open exception of the group that has the same in these fields')
    .option('--preview', 'only say what it would do to each of the group')
    .option('--save', 'also write it as a rule into the mapping, so that the next runs make it by themselves')
    .option('--as <name>', 'who does it (default: the user of the operating system)')
    .action((id: number, options: Options) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          if (options.preview === true) {
            const preview = await stoppable(cli, `tieout exceptions fix ${id}`, (signal) =>
              workspace.remedies.preview(id, options, signal),
            )
            cli.answer(preview, previewText(preview))
            return EXIT.ok
          }
          const group = options.wholeGroup === true
          const who = whoIs(options.as, cli.world.env)
          const { fixed, rules } = await stoppable(cli, `tieout exceptions fix ${id}`, async (signal) => ({
            rules: options.save === true ? await saveRules(cli, workspace, id, options, signal) : [],
            fixed: await workspace.remedies.fix(id, options, { group, who, signal }),
          }))
          cli.answer({ ...fixed, rules }, fixedText(fixed, rules, id, group))
          return EXIT.ok
        }),
      ),
    )
}

/** @returns the lines of the definition that are new */
async function saveRules(
  cli: Cli,
  workspace: Workspace,
  id: number,
  edits: Edits,
  signal: AbortSignal,
): Promise<string[]> {
  const { workflow, rules } = await workspace.remedies.mappingRules(id, edits, signal)
  const before = new Set((await readFile(cli.config, 'utf8')).split('\n'))
  await writeMappingRules(cli.config, workflow, rules, (path) => cli.load(path))
  const after = (await readFile(cli.config, 'utf8')).split('\n')
  return after.filter((line) => !before.has(line)).map((line) => line.trim())
}
