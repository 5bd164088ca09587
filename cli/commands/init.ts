import { access } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { registry } from '../../connectors'
import type { Connector } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import type { Act, Cli } from '../cli'
import { EXIT } from '../exit'
import { detect, type Endpoint } from '../init/detect'
import { examineSource, examineTarget } from '../init/examine'
import { definitionText } from '../init/text'
import { draft } from '../init/workflow'
import { addSecrets, writeNew } from '../init/write'
import { nodePorts } from '../../shared/adapters/ports'

interface Options {
  from: string
  to: string
  workflow?: string
}

export function addInit(program: Command, act: Act): void {
  program
    .command('init')
    .description('look at a source and a target and write a definition with its schema; never overwrites')
    .requiredOption(
      '--from <file or url>',
      'such as stock.csv, postgres://host/database#table or https://host/products',
    )
    .requiredOption('--to <file or url>', 'the same')
    .option('--workflow <name>', 'default: the name of the target stream')
    .action((options: Options) =>
      act(async (cli) => {
        const made = await init(cli, options)
        const again = ['validate', `plan ${made.workflow}`, `sync ${made.workflow}`].map(
          (command) => `  tieout ${command}`,
        )
        const key = made.key?.join(', ') ?? 'none found: put the key fields in place of CHANGE_ME'
        cli.answer(made, [`Wrote ${made.files.join(' and ')}`, `Key: ${key}`, 'Next:', ...again].join('\n'))
        return EXIT.ok
      }),
    )
}

interface Made {
  workflow: string
  key: readonly string[] | undefined
  files: string[]
}

async function init(cli: Cli, options: Options): Promise<Made> {
  await mustBeFree(cli.config)
  const { cwd } = cli.world
  const source = detect(options.from, cwd, cli.folder, registry)
  const target = detect(options.to, cwd, cli.folder, registry)
  const ports = nodePorts(cli.folder, (line) => {
    cli.say(line)
  })
  const from = await examineSource(source, connectorOf(source), ports)
  const to = await examineTarget(target, connectorOf(target), ports)
  const drafted = draft(from, to)

  const workflow = options.workflow ?? nameOf(to.stream)
  const schemaFile = drafted.schema === undefined ? undefined : `${workflow}.schema.json`
  const files = [cli.config, ...(schemaFile === undefined ? [] : [join(cli.folder, schemaFile)])]
  for (const file of files) await mustBeFree(file)
  const { modes } = connectorOf(target).spec
  const { text, secrets } = definitionText({
    workflow,
    source,
    target,
    streams: { source: from.stream, target: to.stream },
    mode: modes.includes('upsert') ? 'upsert' : (modes[0] ?? 'upsert'),
    draft: drafted,
    schemaFile,
  })
  await writeNew(cli.config, text)
  if (schemaFile !== undefined) {
    await writeNew(join(cli.folder, schemaFile), `${JSON.stringify(drafted.schema, undefined, 2)}\n`)
  }
  await addSecrets(cli.state, secrets)
  if (Object.keys(secrets).length > 0) files.push(join(cli.state, 'secrets.env'))
  return { workflow, key: drafted.key, files }
}

function connectorOf({ connector }: Endpoint): Connector {
  const found = registry[connector]
  if (!found) throw new Fault('CONNECTOR_UNDETECTED', `There is no connector ${connector}.`, { connector })
  return found
}

/** Before anything is read: an hour of listing must not end with a refusal. */
async function mustBeFree(path: string): Promise<void> {
  const taken = await access(path).then(
    () => true,
    () => false,
  )
  if (taken) throw new Fault('FILE_EXISTS', `${path} is there already; nothing was written over.`, { path })
}

/** `stock-levels` of `https://host/stock-levels`, `stock` of `out/stock.csv.gz` */
function nameOf(stream: string): string {
  const name = basename(stream).replace(/(\.[a-z0-9]+)+$/i, '')
  return name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[-_]+|-+$/g, '') || 'workflow'
}
