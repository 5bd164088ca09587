import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { openGateway } from '../../gateway/gateway'
import { readSettings, SETTINGS_FILE } from '../../gateway/settings'
import { holdState } from '../../gateway/store/hold'
import { prepareState } from '../../shared/adapters/state-folder'
import type { Act, Cli } from '../cli'
import { EXIT } from '../exit'
import { wholeNumber } from '../whole-number'
import { assertServable, notListening, tlsOf, type ServeOptions } from './serve-options'

const DEFAULT_PORT = 8420

export function addServe(program: Command, act: Act): void {
  program
    .command('serve')
    .description('start the gateway: the HTTP API to all workflows of the definition')
    .option('--port <number>', 'port to listen on', wholeNumber, DEFAULT_PORT)
    .option('--host <address>', 'address to listen on; 0.0.0.0 for all', '127.0.0.1')
    .option('--url <url>', 'address under which clients know it, where a proxy stands before it')
    .option('--tls-cert <file>', 'certificate chain in PEM; then it speaks https')
    .option('--tls-key <file>', 'private key in PEM')
    .option(
      '--trust <networks...>',
      'networks (CIDR) of proxies whose X-Forwarded-For and Client-Cert are believed',
    )
    .option('--forwarded', 'those proxies write Forwarded (RFC 7239) in place of X-Forwarded-For')
    .option('--key-in-query', 'take API keys in ?api_key= too: they end up in logs')
    .option('--allow-host <hosts...>', 'hosts (name:port) that webhooks may go to although they are private')
    .action((options: ServeOptions) => act((cli) => serve(cli, options)))
}

async function serve(cli: Cli, options: ServeOptions): Promise<typeof EXIT.ok> {
  await cli.load()
  assertServable(options)
  await prepareState(cli.state)
  const release = holdState(cli.state)
  try {
    await serveOn(cli, options)
  } finally {
    release()
  }
  return EXIT.ok
}

async function serveOn(cli: Cli, options: ServeOptions): Promise<void> {
  const { issuers, policies } = await readSettings(resolve(dirname(cli.config), SETTINGS_FILE))
  const tls = await tlsOf(options, cli.world.cwd)
  const gateway = await openGateway({
    config: cli.config,
    secretsFile: cli.secretsFile,
    env: cli.world.env,
    access: {
      issuers,
      keyInQuery: options.keyInQuery ?? false,
      trustedHops: options.trust ?? [],
      forwardedBy: options.forwarded === true ? 'forwarded' : 'x-forwarded-for',
    },
    policies,
    baseUrl: options.url?.replace(/\/+$/, ''),
    tls,
    allowedHosts: options.allowHost ?? [],
    say: (line) => {
      cli.say(line)
    },
  })
  const listening = await gateway.app
    .listen({ port: options.port, host: options.host })
    .catch(async (error: unknown) => {
      await gateway.close()
      return notListening(error, options)
    })
  const url = options.tlsCert === undefined ? listening : listening.replace('http:', 'https:')
  const hint =
    gateway.access.clients.clients().length === 0 ? ' A first key: tieout keys create <client>' : ''
  cli.answer({ url }, `The gateway listens on ${url}.${hint}`)
  await interrupted(cli)
  cli.say('Stopping: runs under way stop at their next checkpoint and go on at the next start.')
  await gateway.close()
}

function interrupted(cli: Cli): Promise<void> {
  return new Promise((resolve) => {
    const release = cli.world.onInterrupt(() => {
      release()
      resolve()
    })
  })
}
