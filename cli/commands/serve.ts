import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { openGateway } from '../../gateway/gateway'
import { readSettings, SETTINGS_FILE } from '../../gateway/settings'
import { holdState } from '../../gateway/store/hold'
import { prepareState } from '../../shared/adapters/state-folder'
import { Fault } from '../../shared/core/fault'
import type { Act, Cli } from '../cli'
import { EXIT } from '../exit'
import { wholeNumber } from '../whole-number'

interface Options {
  port: number
  host: string
  url?: string
  tlsCert?: string
  tlsKey?: string
  trust?: string[]
  forwarded?: boolean
  keyInQuery?: boolean
  allowHost?: string[]
}

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
    .action((options: Options) => act((cli) => serve(cli, options)))
}

async function serve(cli: Cli, options: Options): Promise<typeof EXIT.ok> {
  await cli.load()
  await prepareState(cli.state)
  const release = holdState(cli.state)
  try {
    await serveOn(cli, options)
  } finally {
    release()
  }
  return EXIT.ok
}

async function serveOn(cli: Cli, options: Options): Promise<void> {
  const { issuers, policies } = await readSettings(resolve(dirname(cli.config), SETTINGS_FILE))
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
    tls: await tlsOf(cli, options),
    allowedHosts: options.allowHost ?? [],
    say: (line) => {
      cli.say(line)
    },
  })
  const listening = await gateway.app
    .listen({ port: options.port, host: options.host })
    .catch(async (error: unknown) => {
      await gateway.close()
      return portTaken(error, options)
    })
  const url = options.tlsCert === undefined ? listening : listening.replace('http:', 'https:')
  const hint =
    gateway.access.clients.clients().length === 0 ? ' A first key: tieout keys create <client>' : ''
  cli.answer({ url }, `The gateway listens on ${url}.${hint}`)
  await interrupted(cli)
  cli.say('Stopping: runs under way stop at their next checkpoint and go on at the next start.')
  await gateway.close()
}

async function tlsOf(
  cli: Cli,
  { tlsCert, tlsKey }: Options,
): Promise<{ cert: string; key: string } | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined)
    throw new Fault('COMMAND_INVALID', '--tls-cert and --tls-key belong together.')
  const read = (path: string): Promise<string> => readFile(resolve(cli.world.cwd, path), 'utf8')
  return { cert: await read(tlsCert), key: await read(tlsKey) }
}

function portTaken(error: unknown, { port, host }: Options): never {
  if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES'))
    throw new Fault(
      'COMMAND_INVALID',
      `${host}:${String(port)} cannot be listened on: ${error.code}. Choose another with --port.`,
    )
  throw error
}

function interrupted(cli: Cli): Promise<void> {
  return new Promise((resolve) => {
    const release = cli.world.onInterrupt(() => {
      release()
      resolve()
    })
  })
}
