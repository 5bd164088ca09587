import type { Command } from 'commander'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { withGatewayState } from '../../gateway-state'
import { count } from '../../print/number'

export function addReseal(keys: Command, act: Act): void {
  keys
    .command('reseal')
    .description('make a new secret of the gateway and seal everything with it')
    .action(() =>
      act((cli) =>
        withGatewayState(cli, async ({ vault, ring, did }) => {
          const sealed = await vault.reseal()
          did('keys.reseal', ring.current)
          const text = `${count(sealed)} ${sealed === 1 ? 'secret is' : 'secrets are'} sealed with the new key ${ring.current}.`
          cli.answer(
            { sealed, key: ring.current },
            `${text} The file gateway.key belongs into the next backup.`,
          )
          return EXIT.ok
        }),
      ),
    )
}
