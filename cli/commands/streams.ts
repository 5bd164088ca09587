import type { Command } from 'commander'
import type { Act } from '../cli'
import { registry } from '../../connectors'
import { didYouMean } from '../../shared/core/definition/nearest'
import { Fault } from '../../shared/core/fault'
import { EXIT } from '../exit'
import { nodePorts } from '../../shared/adapters/ports'
import { count } from '../print/number'
import { table } from '../print/table'

export function addStreams(program: Command, act: Act): void {
  program
    .command('streams')
    .description('list what a connection can read and write')
    .argument('<connection>', 'name in the definition')
    .action((name: string) =>
      act(async (cli) => {
        const { connections } = (await cli.load()).definition
        const declared = connections.get(name)
        const connector = declared && registry[declared.connector]
        if (!connector) {
          const detail = `There is no connection ${name}${didYouMean(name, [...connections.keys()])}`
          throw new Fault('CONNECTION_UNKNOWN', detail, { connection: name })
        }
        const ports = nodePorts(cli.folder, (line) => {
          cli.say(line)
        })
        const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
        const connection = await connector.open({ name, settings: declared.settings, ports, traffic })
        try {
          const streams = await connection.streams()
          const rows = streams.map(({ name, key = [], cursors = [], records }) => [
            name,
            key.join(', '),
            cursors.join(', '),
            records === undefined ? '' : count(records),
          ])
          cli.answer(streams, table(['stream', 'key', 'cursors', 'records '], rows))
        } finally {
          await connection.close()
        }
        return EXIT.ok
      }),
    )
}
