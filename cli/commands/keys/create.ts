import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { shownOf } from '../../../gateway/access/client'
import { DEFAULT_TENANT } from '../../../gateway/tenant'
import { readSettings, SETTINGS_FILE, type GatewaySettings } from '../../../gateway/settings'
import { Fault } from '../../../shared/core/fault'
import type { Act, Cli } from '../../cli'
import { EXIT } from '../../exit'
import { withGatewayState } from '../../gateway-state'
import { createdText } from '../../print/keys'
import { clientOf } from './client'
import { made, type KindOptions } from './made'
import { rightsOf, type RightsOptions } from './rights'

interface CreateOptions extends RightsOptions, KindOptions {
  tenant?: string
  limit?: string[]
}

export function addCreate(keys: Command, act: Act): void {
  keys
    .command('create')
    .description('make a key for a client; what is secret of it is shown once')
    .argument('<client>', 'who will call, such as acme or erp-nightly')
    .option('--tenant <id>', 'whose data (default: default, the state that the command line uses)')
    .option('--scope <scopes...>', 'what it may do (default: everything but to manage access)')
    .option('--workflow <names...>', 'with which workflows (default: all)')
    .option('--address <networks...>', 'from which addresses or networks (CIDR) (default: any)')
    .option('--expires <time>', 'until when: 90d, or a date such as 2027-12-31 (default: for good)')
    .option('--limit <limits...>', 'limits of the client that differ: records=5000000, calls=none')
    .option('--secret', 'a client secret for OAuth and Basic in place of an API key')
    .option('--certificate <file>', 'register a client certificate (PEM) in place of an API key')
    .option('--public-key <file>', 'register a public key (JWK or PEM) for private_key_jwt')
    .option('--issuer <name>', 'take tokens of this issuer of the settings, with --subject')
    .option('--subject <value>', 'what the claim of the issuer says for this client')
    .action((client: string, options: CreateOptions) => act((cli) => create(cli, client, options)))
}

async function create(cli: Cli, name: string, options: CreateOptions): Promise<typeof EXIT.ok> {
  const settings = await readSettings(resolve(dirname(cli.config), SETTINGS_FILE))
  await warnOfUnknown(cli, options, settings)
  const policies = settings.policies.map((policy) => policy.name)
  return withGatewayState(cli, async (state) => {
    const now = Date.now()
    const rights = rightsOf(options, now)
    const client = clientOf(name, options, state, policies)
    const { credential, shown } = await made({ client: client.id, ...rights }, options, state, cli.world.cwd)
    state.did('keys.create', credential.id)
    cli.answer({ ...shownOf(credential), tenant: client.tenant, ...shown }, createdText(credential, shown))
    return EXIT.ok
  })
}

/** What is named and is not there opens nothing; it may come later. */
async function warnOfUnknown(
  cli: Cli,
  { workflow = [], issuer, tenant = DEFAULT_TENANT }: CreateOptions,
  { issuers }: GatewaySettings,
): Promise<void> {
  // two states of one system: each would take what the other wrote for somebody else's
  if (tenant !== DEFAULT_TENANT && (await textOf(cli.config))?.includes('${TENANT}') === false)
    cli.say(
      `warning: the definition has no \${TENANT}: the tenant ${tenant} reads and writes the same systems as the others, with a state of its own`,
    )
  const known = workflow.length > 0 ? await workflowsOf(cli) : undefined
  for (const one of known ? workflow.filter((name) => !known.has(name)) : [])
    cli.say(`warning: the definition has no workflow ${one}; there is ${[...(known ?? [])].join(', ')}`)
  if (issuer === undefined) return
  if (!issuers.some(({ name }) => name === issuer))
    cli.say(
      `warning: ${SETTINGS_FILE} beside the definition names no issuer ${issuer}: its tokens are not taken`,
    )
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}

/** Undefined where there is no definition that can be read: keys may be made before. */
async function workflowsOf(cli: Cli): Promise<ReadonlySet<string> | undefined> {
  try {
    return new Set((await cli.load()).definition.workflows.keys())
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}
