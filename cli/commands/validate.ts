import type { Command } from 'commander'
import type { Act } from '../cli'
import { EXIT } from '../exit'
import { table } from '../print/table'
import { shownAddress } from '../../shared/core/shown-address'

export function addValidate(program: Command, act: Act): void {
  program
    .command('validate')
    .description('check the definition and its schemas; opens no connection')
    .action(() =>
      act(async (cli) => {
        const { definition, warnings } = await cli.load()
        const workflows = [...definition.workflows.values()]
        const rows = workflows.map(({ name, source, target, key, sync }) => [
          name,
          `${source.connection}/${shownAddress(source.stream)}`,
          `${target.connection}/${shownAddress(target.stream)}`,
          key.join(', '),
          sync.mode,
        ])
        cli.answer(
          { valid: true, workflows: workflows.map(({ name }) => name), warnings },
          `${table(['workflow', 'from', 'to', 'key', 'mode'], rows)}\nThe definition is valid.`,
        )
        return EXIT.ok
      }),
    )
}
