import type { Command } from 'commander'
import { shownOf, type Credential } from '../../../gateway/access/client'
import { Fault } from '../../../shared/core/fault'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { withGatewayState } from '../../gateway-state'
import { momentOf } from '../../moment'
import { rotatedText } from '../../print/keys'
import { credentialOf } from './known'
import { made } from './made'

export function addRotate(keys: Command, act: Act): void {
  keys
    .command('rotate')
    .description('make a new key with the same rights; the old one works on for a while')
    .argument('<key>', 'id of the old one, such as tk_5f0c1d2e')
    .option('--overlap <time>', 'until when the old one works: 12h, 7d, or a date', '7d')
    .action((key: string, { overlap }: { overlap: string }) =>
      act((cli) =>
        withGatewayState(cli, async ({ did, ...state }) => {
          const old = credentialOf(key, state.clients)
          assertRotates(old)
          const now = Date.now()
          const ends = Math.min(momentOf(overlap, now), old.expires ?? Infinity)
          const { client, scopes, workflows, addresses } = old
          const lasts = old.expires === undefined ? {} : { expires: now + old.expires - old.created }
          const given = { client, scopes, workflows, addresses, ...lasts }
          const { credential, shown } = await made(
            given,
            old.kind === 'secret' ? { secret: true } : {},
            state,
            '',
          )
          state.clients.change(old.id, { expires: ends })
          did('keys.rotate', `${old.id} to ${credential.id}`)
          cli.answer(
            { ...shownOf(credential), ...shown, replaces: { id: old.id, expires: ends } },
            rotatedText(credential, shown, old, ends),
          )
          return EXIT.ok
        }),
      ),
    )
}

/** @throws Fault COMMAND_INVALID for what the client has made itself */
function assertRotates({ id, kind, revoked }: Credential): void {
  if (revoked !== undefined) throw new Fault('KEY_REVOKED', `The key ${id} was revoked.`, { key: id })
  if (kind !== 'api-key' && kind !== 'secret')
    throw new Fault(
      'COMMAND_INVALID',
      `${id} is a ${kind}: register the new one beside it with keys create, then revoke this.`,
    )
}
