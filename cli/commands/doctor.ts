import type { Command } from 'commander'
import type { CheckStep } from '../../shared/core/connector'
import type { Definition } from '../../shared/core/definition/definition'
import { didYouMean } from '../../shared/core/definition/nearest'
import { Fault, reportFault } from '../../shared/core/fault'
import { EXIT } from '../exit'
import type { Act } from '../main'
import { checkText, type CheckedConnection } from '../print/check'
import { style } from '../print/style'
import { asFault } from '../unexpected'

export function addDoctor(program: Command, act: Act): void {
  program
    .command('doctor')
    .description('try every connection step by step and say who does what about what fails')
    .option('--connection <name>', 'only this one')
    .action((options: { connection?: string }) =>
      act((cli) =>
        cli.withWorkspace(async (workspace, definition) => {
          const connections: CheckedConnection[] = []
          for (const connection of chosen(definition, options.connection)) {
            connections.push({ connection, steps: await examine(workspace.check(connection)) })
          }
          const healthy = connections.every(({ steps }) => steps.every(({ result }) => result !== 'failed'))
          const marks = style(cli.world.out, cli.world.env)
          cli.answer({ healthy, connections: connections.map(report) }, checkText(connections, marks))
          return healthy ? EXIT.ok : EXIT.failed
        }),
      ),
    )
}

function chosen({ connections }: Definition, name: string | undefined): string[] {
  const names = [...connections.keys()]
  if (name === undefined) return names
  if (names.includes(name)) return [name]
  const detail = `There is no connection ${name}${didYouMean(name, names)}`
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

function report({ connection, steps }: CheckedConnection): object {
  return {
    connection,
    steps: steps.map(({ fault, ...step }) => ({
      ...step,
      ...(fault ? { fault: reportFault(new Fault(fault.code, fault.detail)) } : {}),
    })),
  }
}
