import type { Command } from 'commander'
import type { Act } from '../cli'
import type { CheckStep } from '../../shared/core/connector'
import type { Definition } from '../../shared/core/definition/definition'
import { didYouMean } from '../../shared/core/definition/nearest'
import { Fault, reportFault } from '../../shared/core/fault'
import { EXIT } from '../exit'
import { checkText, type CheckedConnection } from '../print/check'
import { style } from '../print/style'
import { asFault } from '../unexpected'

export function addDoctor(program: Command, act: Act): void {
  program
    .command('doctor')
    .description('try every connection step by step and say who does what about what fails')
    .argument('[name]', 'only this connection, or the two of this workflow')
    .action((name?: string) =>
      act((cli) =>
        cli.withWorkspace(async (workspace, definition) => {
          const connections: CheckedConnection[] = []
          for (const connection of chosen(definition, name)) {
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

function report({ connection, steps }: CheckedConnection): object {
  return {
    connection,
    steps: steps.map(({ fault, ...step }) => ({
      ...step,
      ...(fault ? { fault: reportFault(new Fault(fault.code, fault.detail)) } : {}),
    })),
  }
}
