import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { saved } from '../../shared/adapters/store/saved'
import type { Definition } from '../../shared/core/definition/definition'
import { Fault } from '../../shared/core/fault'
import { CSV_DEFAULTS } from '../../shared/core/format/csv'
import { CountingLedger } from '../../shared/core/record/ledger'
import type { Workflow } from '../../shared/core/workflow'
import type { Workspace } from '../../shared/core/workspace'
import { settles } from '../settles'
import { columnsOf, twice } from './columns'
import { Listing, type Counts } from './listing'
import type { UploadFormat } from './format'
import { OWN_COLUMNS } from './own-columns'
import type { ByteRange } from './range'
import { Snapshots } from './snapshots'
import { Spool } from './spool'
import { writerOf } from './writer'

export interface DownloadRequest {
  workflow: string
  format: UploadFormat
  /** Of CSV: texts that a spreadsheet would run are made harmless. */
  escape: boolean
  /** Cursor of an earlier download. */
  changedSince: string | undefined
  /** With it: also the keys of what disappeared. */
  deleted: boolean
}

/** What is kept of a download that is whole. */
export interface Manifest extends Counts {
  id: string
  workflow: string
  format: UploadFormat
  /** Milliseconds since 1970. */
  asOf: number
  bytes: number
  sha256: string
  cursor?: string
}

export interface DownloadsParts {
  workspace: Workspace
  definition: Definition
  /** Of the tenant. */
  folder: string
  now: () => number
}

/** Takes what a download that is whole costs. */
export type Charge = (cost: { records: number; bytes: number }) => void

/** When who asked too early for a manifest should ask again. */
const ASK_AGAIN_MS = 5000

interface Begun {
  id: string
  request: DownloadRequest
  workflow: Workflow
  /** Number of the download that it goes on from. */
  since: number | undefined
  charge: Charge
}

/** A download that is being made. */
export interface Live {
  id: string
  request: DownloadRequest
  spool: Spool
  cursor: string | undefined
  /** When its last byte is kept; undefined when it failed. */
  whole: Promise<Manifest | undefined>
}

/** Downloads of one tenant: each is kept as a file while it goes to its client, so that a broken one goes on from there. */
export class Downloads {
  private readonly live = new Map<string, Live>()
  private readonly turns = new Map<string, Promise<unknown>>()
  private readonly stop = new AbortController()
  private opened: Snapshots | undefined

  constructor(private readonly parts: DownloadsParts) {}

  /**
   * Begins a download when those of its workflow before it are made; resolves when its first bytes are there.
   * @param admit asked when it is its turn
   * @throws Fault CURSOR_UNKNOWN, CURSOR_EXPIRED, LIMIT_REACHED, and whatever keeps the source from being read
   */
  async begin(request: DownloadRequest, admit: () => Charge): Promise<Live> {
    const workflow = this.workflow(request.workflow)
    const id = randomBytes(16).toString('hex')
    const since = this.since(workflow, request.changedSince)
    const over = await this.turn(workflow.name)
    try {
      const live = await this.start({ id, request, workflow, since, charge: admit() })
      void live.whole.finally(over)
      await live.spool.begun()
      return live
    } catch (error) {
      over()
      throw error
    }
  }

  private async start(begun: Begun): Promise<Live> {
    const { id, request, workflow, since } = begun
    await mkdir(this.at(id), { recursive: true })
    const spool = await Spool.create(join(this.at(id), 'data'))
    const snapshot = workflow.key.length > 0 ? this.snapshots.next(workflow) : undefined
    const { workspace } = this.parts
    const { signal } = this.stop
    const listing = new Listing({ workspace, workflow, snapshot, since, deleted: request.deleted, signal })
    const whole = this.make(begun, spool, listing)
    const live: Live = { id, request, spool, cursor: snapshot?.cursor, whole }
    this.live.set(id, live)
    void whole.finally(() => this.live.delete(id))
    return live
  }

  /** Resolves when all that came before are made. @returns what to call when this one is */
  private async turn(workflow: string): Promise<() => void> {
    const before = this.turns.get(workflow) ?? Promise.resolve()
    let over = (): void => undefined
    const mine = new Promise<void>((resolve) => (over = resolve))
    this.turns.set(
      workflow,
      before.then(() => mine),
    )
    await before
    return over
  }

  /**
   * Waits for a download that is being made.
   * @returns undefined where there is none (any more)
   * @throws Fault EXPORT_UNFINISHED
   */
  async manifest(id: string, patience: { ms: number; signal: AbortSignal }): Promise<Manifest | undefined> {
    const live = this.live.get(id)
    if (live) {
      if (await settles(live.whole, patience.ms, patience.signal)) return live.whole
      throw new Fault(
        'EXPORT_UNFINISHED',
        `Download ${id} is still being made.`,
        { export: id },
        ASK_AGAIN_MS,
      )
    }
    if (!/^[0-9a-f]{32}$/.test(id)) return undefined
    const text = await readFile(join(this.at(id), 'manifest.json'), 'utf8').catch(() => undefined)
    return text === undefined ? undefined : saved(text, isManifest)
  }

  bytes({ id }: Manifest, range?: ByteRange): AsyncIterable<Uint8Array> {
    return createReadStream(join(this.at(id), 'data'), range ? { start: range.from, end: range.to } : {})
  }

  /** Ends what is under way: clients see their download break off. */
  async close(): Promise<void> {
    this.stop.abort(new Fault('CANCELLED', 'The gateway is stopping.'))
    await Promise.all([...this.live.values()].map(({ whole }) => whole))
    this.opened?.close()
  }

  private async make(
    { id, request, workflow, charge }: Begun,
    spool: Spool,
    listing: Listing,
  ): Promise<Manifest | undefined> {
    const asOf = this.parts.now()
    try {
      for await (const bytes of printed(request, workflow, listing)) {
        this.stop.signal.throwIfAborted()
        await spool.write(bytes)
      }
      const { cursor } = listing
      const manifest: Manifest = {
        id,
        workflow: workflow.name,
        format: request.format,
        asOf,
        bytes: spool.size,
        sha256: spool.sha256,
        ...listing.counts,
        ...(cursor === undefined ? {} : { cursor }),
      }
      await writeFile(join(this.at(id), 'manifest.json'), JSON.stringify(manifest))
      await listing.end()
      charge({ records: manifest.records + manifest.deleted, bytes: manifest.bytes })
      await spool.end()
      return manifest
    } catch (error) {
      await spool.fail(error)
      // what somebody still reads, and cannot be removed therefore, is removed when it is old
      await rm(this.at(id), { recursive: true, force: true }).catch(() => undefined)
      return undefined
    }
  }

  private since(workflow: Workflow, cursor: string | undefined): number | undefined {
    if (cursor === undefined) return undefined
    if (workflow.key.length > 0) return this.snapshots.since(workflow.name, cursor)
    throw new Fault(
      'CURSOR_UNKNOWN',
      `${workflow.name} has no key, so nobody can tell which of its records changed.`,
      { workflow: workflow.name },
    )
  }

  private get snapshots(): Snapshots {
    return (this.opened ??= new Snapshots(join(this.parts.folder, 'downloads.sqlite'), this.parts.now))
  }

  private workflow(name: string): Workflow {
    const workflow = this.parts.definition.workflows.get(name)
    if (!workflow) throw new Fault('WORKFLOW_UNKNOWN', `There is no workflow ${name}.`, { workflow: name })
    return workflow
  }

  private at(id: string): string {
    return join(downloadsIn(this.parts.folder), id)
  }
}

/** Below the folder of a tenant. */
export function downloadsIn(folder: string): string {
  return join(folder, 'downloads')
}

async function* printed(
  { format, escape, changedSince, deleted }: DownloadRequest,
  workflow: Workflow,
  listing: Listing,
): AsyncGenerator<Uint8Array> {
  const own = changedSince !== undefined && deleted ? [OWN_COLUMNS.deleted] : []
  const columns = columnsOf(workflow)
  const writer = writerOf(format, {
    ...CSV_DEFAULTS,
    eol: '\r\n',
    formulas: escape ? 'escape' : 'keep',
    ...(columns ? { columns: [...columns, ...own] } : {}),
  })
  const context = { name: workflow.name, ledger: new CountingLedger() }
  const batches = (): AsyncGenerator<ReadonlyBatch> => listing.batches((record) => writer.refuse?.(record))
  if (format !== 'csv' || columns) {
    yield* writer.write(batches, context)
    return
  }
  const again = twice(batches)
  try {
    yield* writer.write(again.read, context)
  } finally {
    again.drop()
  }
}

type ReadonlyBatch = Awaited<ReturnType<ReturnType<Listing['batches']>['next']>>['value']

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'sha256' in value && 'asOf' in value
}
