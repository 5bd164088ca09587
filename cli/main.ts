import { Command, CommanderError, type Option } from 'commander'
import { VERSION } from '../gateway/version'
import { InvalidDefinition } from '../shared/core/definition/problem'
import { Fault, reportFault } from '../shared/core/fault'
import type { Act, GlobalOptions } from './cli'
import { commandsOf } from './commands'
import { EXIT, exitOfFault, type ExitCode } from './exit'
import { faultText } from './print/fault'
import { style } from './print/style'
import { asFault } from './unexpected'
import type { World } from './world'

/** Runs one command. Never throws; the answer is the exit code. */
export async function main(argv: readonly string[], world: World): Promise<ExitCode> {
  let exit: ExitCode = EXIT.ok
  const program = new Command('tieout')
  const act: Act = async (work) => {
    const { Cli } = await import('./cli.ts')
    exit = await work(new Cli(world, program.opts<GlobalOptions>()))
  }
  program
    .description('Moves records from one system to another and accounts for every one of them.')
    .version(VERSION, '-V, --version')
    .option('-c, --config <file>', 'the definition', 'tieout.yaml')
    .option(
      '--secrets <file>',
      'NAME=value lines for ${NAME} (default: .tieout/secrets.env beside the definition)',
    )
    .option('--json', 'answer with one JSON document on standard output')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        world.out.write(text)
      },
      writeErr: (text) => {
        world.err.write(text)
      },
      // reported as a fault instead
      outputError: () => undefined,
    })
  try {
    for (const add of await commandsOf(argv)) add(program, act)
    needValues(program)
    if (argv.length === 0) {
      program.outputHelp({ error: true })
      return EXIT.usage
    }
    await program.parseAsync(argv, { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok
    return report(error, world, argv.includes('--json'))
  }
}

/** What stands behind an option is its value, also another option of the command: that one was not meant so. */
function needValues(command: Command, others: readonly Option[] = []): void {
  const options = [...others, ...command.options]
  for (const option of command.options.filter(({ required }) => required))
    command.on(`option:${option.name()}`, (value: unknown) => {
      if (options.some(({ short, long }) => value === short || value === long))
        command.error(`option '${option.flags}' argument missing before ${String(value)}`)
    })
  for (const one of command.commands) needValues(one, options)
}

function report(error: unknown, world: World, json: boolean): ExitCode {
  const fault = error instanceof CommanderError ? commandInvalid(error) : asFault(error)
  world.err.write(`${faultText(fault, style(world.err, world.env))}\n`)
  if (json) {
    const problems = fault instanceof InvalidDefinition ? { problems: fault.problems } : {}
    world.out.write(`${JSON.stringify({ error: reportFault(fault), ...problems }, undefined, 2)}\n`)
  }
  return exitOfFault(fault)
}

function commandInvalid(error: CommanderError): Fault {
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  return new Fault('COMMAND_INVALID', message, { code: error.code }, undefined, { cause: error })
}
