import type { Command } from 'commander'
import { shownOf } from '../../../gateway/access/client'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { withGatewayState } from '../../gateway-state'
import { keysText } from '../../print/keys'

export function addList(keys: Command, act: Act): void {
  keys
    .command('list')
    .description('show clients and their keys: rights, ends, last use')
    .argument('[client]', 'only of this client')
    .action((only: string | undefined) =>
      act((cli) =>
        withGatewayState(cli, ({ clients }) => {
          const listed = clients
            .clients()
            .filter(({ id }) => only === undefined || id === only)
            .map((client) => ({
              ...client,
              keys: clients.ofClient(client.id).map(shownOf),
            }))
          cli.answer({ clients: listed }, keysText(listed, Date.now()))
          return EXIT.ok
        }),
      ),
    )
}
