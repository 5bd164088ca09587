import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { registry } from '../connectors'
import { DEFAULT_TENANT } from '../gateway/tenant'
import { loadDefinition, type Loaded } from '../shared/adapters/definition/load'
import { openSqliteStore } from '../shared/adapters/store/sqlite'
import type { Definition } from '../shared/core/definition/definition'
import { problemText } from '../shared/core/definition/problem'
import { Workspace } from '../shared/core/workspace'
import { isAlive } from '../shared/adapters/alive'
import type { ExitCode } from './exit'
import { nodePorts } from '../shared/adapters/ports'
import { prepareState } from '../shared/adapters/state-folder'
import type { World } from './world'

export interface GlobalOptions {
  config: string
  json?: boolean
  secrets?: string
}

/** How a command does its work: the program brings what it needs and takes the exit code. */
export type Act = (work: (cli: Cli) => Promise<ExitCode>) => Promise<void>

/** One command under way: where its definition is and how it answers. */
export class Cli {
  readonly config: string
  readonly folder: string
  /** Saved state, secrets and files of runs. */
  readonly state: string

  constructor(
    readonly world: World,
    private readonly options: GlobalOptions,
  ) {
    this.config = resolve(world.cwd, options.config)
    this.folder = dirname(this.config)
    this.state = join(this.folder, '.tieout')
  }

  /** The result: one JSON document with --json, else a text for people. */
  answer(json: unknown, text: string): void {
    this.world.out.write(this.options.json === true ? `${JSON.stringify(json, undefined, 2)}\n` : `${text}\n`)
  }

  /** Anything that is not the result. */
  say(text: string): void {
    this.world.err.write(`${text}\n`)
  }

  /** Where `--secrets` says. */
  get secretsFile(): string | undefined {
    const { secrets } = this.options
    return secrets === undefined ? undefined : resolve(this.world.cwd, secrets)
  }

  /** @param path of another file than the definition, in its place */
  async load(path = this.config): Promise<Loaded> {
    const { secretsFile, world } = this
    // what is done here is the default tenant's, unless somebody says otherwise
    const env = { TENANT: DEFAULT_TENANT, ...world.env }
    const loaded = await loadDefinition(path, { env, secretsFile, registry })
    for (const warning of loaded.warnings) this.say(`warning: ${problemText(warning)}`)
    return loaded
  }

  /** Opens the definition and its saved state, and closes the state when `work` is done. */
  async withWorkspace<T>(work: (workspace: Workspace, definition: Definition) => Promise<T>): Promise<T> {
    const { definition } = await this.load()
    await prepareState(this.state)
    const store = openSqliteStore(join(this.state, 'state.sqlite'))
    const ports = nodePorts(this.folder, (line) => {
      this.say(line)
    })
    const owner = { name: `${hostname()}:${process.pid}`, alive: isAlive }
    try {
      return await work(new Workspace({ definition, registry, ports, store, owner }), definition)
    } finally {
      await store.close()
    }
  }

  /** Path of a file of a run, such as its receipt. */
  runFile(run: string, name: string): string {
    return join(this.state, 'runs', run, name)
  }
}
