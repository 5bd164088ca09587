import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Act, Cli } from '../cli'
import type { CheckStep } from '../../shared/core/connector'
import type { Definition } from '../../shared/core/definition/definition'
import { didYouMean } from '../../shared/core/definition/nearest'
import { Fault, reportFault } from '../../shared/core/fault'
import { ladder } from '../doctor/ladder'
import { ticketText } from '../doctor/ticket'
import { EXIT, type ExitCode } from '../exit'
import { checkText, type CheckedConnection } from '../print/check'
import { style } from '../print/style'
import { asFault } from '../unexpected'
import { wholeNumber } from '../whole-number'

export function addDoctor(program: Command, act: Act): void {
  program
    .command('doctor')
    .description('try every connection step by step and say who does what about what fails')
    .argument('[name]', 'only this connection, or the two of this workflow')
    .option('--gateway <url>', 'try the way to a gateway instead; the key for it is in TIEOUT_KEY')
    .option('--ticket <file>', 'with --gateway: write what the network team needs to know')
    .option(
      '--idle <seconds>',
      'with --gateway: how long a connection rests before it is used again',
      wholeNumber,
      IDLE,
    )
    .action((name: string | undefined, { gateway, ...options }: GatewayOptions) =>
      act((cli) => {
        if (gateway !== undefined) return tryGateway(cli, { ...options, gateway })
        return cli.withWorkspace(async (workspace, definition) => {
          const connections: CheckedConnection[] = []
          for (const connection of chosen(definition, name)) {
            connections.push({ connection, steps: await examine(workspace.check(connection)) })
          }
          const healthy = connections.every(({ steps }) => steps.every(({ result }) => result !== 'failed'))
          const marks = style(cli.world.out, cli.world.env)
          cli.answer({ healthy, connections: connections.map(report) }, checkText(connections, marks))
          return healthy ? EXIT.ok : EXIT.failed
        })
      }),
    )
}

interface GatewayOptions {
  gateway?: string
  ticket?: string
  idle: number
}

/** Longer than most firewalls and load balancers keep an idle connection. */
const IDLE = 75

async function tryGateway(
  cli: Cli,
  { gateway, ticket, idle }: GatewayOptions & { gateway: string },
): Promise<ExitCode> {
  const url = addressOf(gateway)
  const steps: CheckStep[] = []
  for await (const step of ladder({ url, key: cli.world.env['TIEOUT_KEY'], idleMs: idle * 1000 })) {
    if (!step.fault) cli.say(`${step.name}: ${step.detail}`)
    steps.push(step)
  }
  if (ticket !== undefined)
    await writeFile(resolve(cli.world.cwd, ticket), ticketText(url, steps, new Date()))
  const healthy = steps.every(({ result }) => result !== 'failed')
  const marks = style(cli.world.out, cli.world.env)
  const checked = { connection: url, steps }
  cli.answer({ healthy, gateway: url, steps: report(checked).steps }, checkText([checked], marks))
  return healthy ? EXIT.ok : EXIT.failed
}

function addressOf(text: string): string {
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol)) return url.origin + url.pathname.replace(/\/+$/, '')
  throw new Fault('ADDRESS_INVALID', `--gateway ${text}: give the whole address, such as https://host:8420.`)
}

function chosen({ connections, workflows }: Definition, name: string | undefined): Iterable<string> {
  if (name === undefined) return connections.keys()
  if (connections.has(name)) return [name]
  const workflow = workflows.get(name)
  if (workflow) return new Set([workflow.source.connection, workflow.target.connection])
  const known = [...connections.keys(), ...workflows.keys()]
  const detail = `There is no connection and no workflow ${name}${didYouMean(name, known)}`
  throw new Fault('CONNECTION_UNKNOWN', detail, { connection: name })
}

async function examine(check: AsyncIterable<CheckStep>): Promise<CheckStep[]> {
  const steps: CheckStep[] = []
  try {
    for await (const step of check) steps.push(step)
  } catch (error) {
    const { code, detail } = asFault(error)
    steps.push({ name: 'open', result: 'failed', detail, fault: { code, detail } })
  }
  return steps
}

function report({ connection, steps }: CheckedConnection): { connection: string; steps: object[] } {
  return {
    connection,
    steps: steps.map(({ fault, ...step }) => ({
      ...step,
      ...(fault ? { fault: reportFault(new Fault(fault.code, fault.detail)) } : {}),
    })),
  }
}
