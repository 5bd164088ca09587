import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { fromContract, type DocumentOptions } from '../../openapi/emit/from-contract'
import { write } from '../../openapi/emit/write'
import { VERSIONS } from '../../shared/contract/versions'
import { didYouMean } from '../../shared/core/definition/nearest'
import { Fault } from '../../shared/core/fault'
import type { Act, Cli } from '../cli'
import { EXIT } from '../exit'

interface Options {
  workflow?: string
  openapi: DocumentOptions['openapi']
  out?: string
}

/** What other platforms import to call the gateway. */
export function addEmit(program: Command, act: Act): void {
  const emit = program.command('emit').description('print what other platforms import to call the gateway')
  emit
    .command('openapi')
    .description('OpenAPI, of the whole gateway or of one workflow with the schema of its records')
    .option('--workflow <name>', 'only for this workflow')
    .addOption(new Option('--openapi <version>', 'of OpenAPI').choices(['3.1', '3.0']).default('3.1'))
    .option('--out <file>', 'write it there (default: standard output)')
    .action(({ workflow, openapi, out }: Options) =>
      act(async (cli) => {
        const one = workflow === undefined ? {} : { workflow: await workflowOf(cli, workflow) }
        const text = write(fromContract({ openapi, version: VERSIONS[0], ...one }))
        if (out === undefined) cli.world.out.write(text)
        else await writeFile(resolve(cli.world.cwd, out), text)
        return EXIT.ok
      }),
    )
}

/** @throws Fault WORKFLOW_UNKNOWN */
async function workflowOf(cli: Cli, name: string): Promise<NonNullable<DocumentOptions['workflow']>> {
  const { workflows } = (await cli.load()).definition
  const workflow = workflows.get(name)
  if (!workflow) {
    const detail = `There is no workflow ${name}${didYouMean(name, [...workflows.keys()])}`
    throw new Fault('WORKFLOW_UNKNOWN', detail, { workflow: name })
  }
  const { title, schema } = workflow
  return { name, title, ...(typeof schema === 'object' ? { schema } : {}) }
}
