import type { Command } from 'commander'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { withGatewayState } from '../../gateway-state'
import { credentialOf } from './known'

export function addRevoke(keys: Command, act: Act): void {
  keys
    .command('revoke')
    .description('end a key at once, and every token made with it')
    .argument('<key>', 'its id, such as tk_5f0c1d2e')
    .action((key: string) =>
      act((cli) =>
        withGatewayState(cli, ({ clients, did }) => {
          const { id, client, revoked = Date.now() } = credentialOf(key, clients)
          clients.change(id, { revoked })
          did('keys.revoke', id)
          cli.answer({ id, client, revoked }, `${id} of ${client} is revoked.`)
          return EXIT.ok
        }),
      ),
    )
}
