import type { Command } from 'commander'
import { shownOf, type Credential } from '../../../gateway/access/client'
import { Fault } from '../../../shared/core/fault'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { withGatewayState } from '../../gateway-state'
import { momentOf } from '../../moment'
import { rotatedText } from '../../print/keys'
import { credentialOf } from './known'
import { made, type KindOptions } from './made'

type Brought = Pick<KindOptions, 'certificate' | 'publicKey' | 'subject'>

interface RotateOptions extends Brought {
  overlap: string
}

const BROUGHT = ['certificate', 'publicKey', 'subject'] as const

const NAMES: Readonly<Record<Credential['kind'], string>> = {
  'api-key': 'an API key',
  secret: 'a client secret',
  certificate: 'a certificate',
  'public-key': 'a public key',
  subject: 'a subject of an issuer',
}

const OPTIONS: { readonly [kind in Credential['kind']]?: { name: keyof Brought; option: string } } = {
  certificate: { name: 'certificate', option: '--certificate <file>' },
  'public-key': { name: 'publicKey', option: '--public-key <file>' },
  subject: { name: 'subject', option: '--subject <value>' },
}

export function addRotate(keys: Command, act: Act): void {
  keys
    .command('rotate')
    .description('make a new key with the same rights; the old one works on for a while')
    .argument('<key>', 'id of the old one, such as tk_5f0c1d2e')
    .option('--overlap <time>', 'until when the old one works: 12h, 7d, or a date', '7d')
    .option('--certificate <file>', 'the new certificate (PEM), in place of a certificate')
    .option('--public-key <file>', 'the new public key (JWK or PEM), in place of a public key')
    .option('--subject <value>', 'the new value of the claim, in place of a subject of an issuer')
    .action((key: string, { overlap, ...options }: RotateOptions) =>
      act((cli) =>
        withGatewayState(cli, async ({ did, ...state }) => {
          const old = credentialOf(key, state.clients)
          const kind = replacementOf(old, options)
          const now = Date.now()
          const ends = Math.min(momentOf(overlap, now), old.expires ?? Infinity)
          const { client, scopes, workflows, addresses } = old
          const lasts = old.expires === undefined ? {} : { expires: now + old.expires - old.created }
          const given = { client, scopes, workflows, addresses, ...lasts }
          const { credential, shown } = await made(given, kind, state, cli.world.cwd)
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

/** What its client brings along comes with an option; what is made here needs none. @throws Fault COMMAND_INVALID, KEY_REVOKED */
function replacementOf({ id, kind, proof, revoked }: Credential, options: Brought): KindOptions {
  if (revoked !== undefined) throw new Fault('KEY_REVOKED', `The key ${id} was revoked.`, { key: id })
  const names = BROUGHT.filter((name) => options[name] !== undefined)
  const wanted = OPTIONS[kind]
  if (names.some((name) => name !== wanted?.name))
    throw new Fault('COMMAND_INVALID', `${id} is ${NAMES[kind]}; it is replaced by another one.`, { key: id })
  if (wanted && names.length === 0)
    throw new Fault(
      'COMMAND_INVALID',
      `${id} is ${NAMES[kind]}, which its client makes: give the new one with ${wanted.option}.`,
      { key: id, option: wanted.option },
    )
  if (kind === 'secret') return { secret: true }
  if (kind !== 'subject') return options
  const [issuer = ''] = proof.split('\n')
  return { ...options, issuer }
}
