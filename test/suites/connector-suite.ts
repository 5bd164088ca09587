import type {
  ConnectionContext,
  Connection,
  Connector,
  Operation,
  Page,
  SyncMode,
  Target,
} from '../../shared/core/connector'
import { join } from 'node:path'
import { findingsOf } from '../../shared/adapters/definition/check'
import { loadDefinition } from '../../shared/adapters/definition/load'
import { complaintsOf } from '../../shared/core/definition/finding'
import { compileMapping } from '../../shared/core/mapping/compile'
import type { JsonSchema } from '../../shared/core/ports'
import { CountingLedger } from '../../shared/core/record/ledger'
import { Rejection } from '../../shared/core/record/rejection'
import { isList, isObject, textOf, type DataRecord, type Value } from '../../shared/core/record/value'
import { folderWith } from '../support/folder'
import { batchOf, never, pagesOf, recordsOf } from '../support/batches'
import type { Driver, LiveSystem } from './driver'

const KEY = ['id']
const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    name: { type: ['string', 'null'] },
    qty: { type: ['integer', 'null'] },
  },
}

/** What every connector has to keep. A connector is tried on a real system, which its driver brings. */
export function connectorSuite(connector: Connector, driver: Driver): void {
  describe(`${connector.spec.name}: what it says of itself`, () => {
    specSuite(connector)
  })
  const describeLive = driver.describe ?? describe
  describeLive(`${connector.spec.name}: on a real system`, () => {
    liveSuite(connector, driver)
  })
}

function specSuite(connector: Connector): void {
  const { spec } = connector
  const schemas = {
    settings: spec.settings,
    sourceSettings: spec.sourceSettings,
    targetSettings: spec.targetSettings,
  }

  test.each(Object.entries(schemas))('%s are described, and nothing else is taken', (_, schema) => {
    expect(undescribed(schema, '')).toEqual([])
    expect(findingsOf(schema, { 'no such setting': 1 }).map(({ keyword }) => keyword)).toContain(
      'additionalProperties',
    )
  })

  test.each(Object.entries(schemas))('%s that are needed are asked for by name', (_, schema) => {
    const said = complaintsOf(findingsOf(schema, {}))
    const needed = isObject(schema) && isList(schema['required']) ? schema['required'].map(textOf) : []
    for (const name of needed) {
      expect(said).toContainEqual({ path: [name], message: expect.stringContaining('is missing') as unknown })
    }
  })

  test('shows an example that is a valid definition', async () => {
    const folder = folderWith({ 'tieout.yaml': `tieout: 1\n${spec.example}` })
    const env = new Proxy<Record<string, string>>({}, { get: () => 'x' })
    const options = { env, registry: { [spec.name]: connector } }
    try {
      expect((await loadDefinition(join(folder.path, 'tieout.yaml'), options)).warnings).toEqual([])
    } finally {
      folder.remove()
    }
  })

  test('reads or writes, and writes in some mode if it writes', () => {
    expect(spec.reads || spec.writes).toBe(true)
    expect(spec.modes.length > 0).toBe(spec.writes)
  })
}

/** Settings without a title or a description. */
function undescribed(schema: Value, path: string): string[] {
  const properties = isObject(schema) ? schema['properties'] : undefined
  if (!isObject(properties)) return []
  return Object.entries(properties).flatMap(([name, member]) => {
    const described =
      isObject(member) && textOf(member['title']) !== '' && textOf(member['description']) !== ''
    return [...(described ? [] : [`${path}${name}`]), ...undescribed(member, `${path}${name}.`)]
  })
}

function liveSuite(connector: Connector, driver: Driver): void {
  const { spec } = connector
  let system: LiveSystem
  const open: Connection[] = []

  beforeAll(async () => {
    system = await driver.start()
  })
  afterEach(async () => {
    for (const connection of open.splice(0)) await connection.close()
  })
  afterAll(async () => {
    await system.stop()
  })

  const connect = async (): Promise<Connection> => {
    const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
    const context: ConnectionContext = {
      name: 'suite',
      settings: system.settings,
      ports: system.ports,
      traffic,
    }
    const connection = await connector.open(context)
    open.push(connection)
    return connection
  }

  /** All pages as the connector gives them, and the records as the core sees them. */
  const read = async (
    stream: string,
    ledger: CountingLedger,
    pageSize = 7,
    after?: string,
  ): Promise<Read> => {
    const connection = await connect()
    const source = await connection.source({ stream, settings: {}, key: KEY, ledger })
    const mapper = compileMapping(undefined, { schema: SCHEMA, typed: source.typed })
    const pages = await pagesOf(source, { pageSize, ...(after === undefined ? {} : { after }) })
    const records = pages.flatMap(recordsOf).map((record) => {
      const mapped = mapper.map(record, ledger)
      if (mapped instanceof Rejection) throw new Error(mapped.message)
      return mapped
    })
    return { pages, records }
  }

  const content = async (stream: string): Promise<DataRecord[]> => {
    const { records } = await read(stream, new CountingLedger())
    return records.sort((one, other) => (textOf(one['id']) < textOf(other['id']) ? -1 : 1))
  }

  const target = async (stream: string, mode: SyncMode, ledger = new CountingLedger()): Promise<Writing> => {
    const settings = system.targetSettings?.(mode) ?? {}
    const request = { stream, settings, key: KEY, mode, schema: SCHEMA, workflow: 'suite', ledger }
    const opened = await (await connect()).target(request)
    return {
      abilities: opened.abilities,
      keys: opened.keys && (() => keysOf(opened)),
      write: async (batch) => (await opened.write(batch, never)).map(({ outcome }) => outcome),
      finish: () => opened.finish?.(never) ?? Promise.resolve(),
    }
  }

  if (spec.reads) {
    test('reads every record once, in order, and says that this was all', async () => {
      const records = rows(40)
      const { pages, records: found } = await read(await system.stream(records), new CountingLedger())
      expect(found.sort(byId)).toEqual(records)
      let row = 1
      for (const page of pages) {
        expect(page.firstRow).toBe(row)
        row += page.rows.length
      }
      expect(pages.at(-1)?.end).toMatchObject({ complete: true })
      expect(pages.slice(0, -1).filter(({ end }) => end)).toEqual([])
    })

    test('goes on after every position as if it had read in one go', async () => {
      const stream = await system.stream(rows(40))
      const whole = await read(stream, new CountingLedger())
      for (const [at, page] of whole.pages.entries()) {
        const before = whole.pages.slice(0, at + 1).reduce((sum, { rows }) => sum + rows.length, 0)
        const rest = await read(stream, new CountingLedger(), 7, page.position)
        expect(rest.records).toEqual(whole.records.slice(before))
        const [first] = rest.pages.filter(({ rows }) => rows.length > 0)
        if (first) expect(first.firstRow).toBe(before + 1)
      }
    })
  }

  if (!spec.writes) return
  const [first] = rows(1)
  const old = rows(3)
  const changed = { ...old[1], name: 'changed' }
  const fresh = { id: 'B0001', name: 'fresh', qty: 1 }

  test.each(spec.modes)('%s leaves what it should', async (mode) => {
    const stream = await system.stream(old)
    const writing = await target(stream, mode)
    const operation: Operation =
      mode === 'update-only' ? 'update' : mode === 'append' || mode === 'insert-only' ? 'insert' : 'upsert'
    const outcomes = await writing.write(
      uniqueBatch(operation, mode === 'append' ? [fresh] : [changed, fresh]),
    )
    if (mode === 'mirror') {
      const listed = await writing.keys?.()
      if (listed)
        expect(listed.map(({ id }) => textOf(id)).sort()).toEqual(['A0000', 'A0001', 'A0002', 'B0001'])
      await writing.write(uniqueBatch('delete', [{ id: 'A0002' }]))
    }
    await writing.finish()
    expect(outcomes.filter((outcome) => ['rejected', 'unknown', 'retry'].includes(outcome))).toEqual([])
    expect(await content(stream)).toEqual(LEFT[mode]({ old, changed, fresh }))
  })

  test('the same batch again does what its abilities say', async () => {
    const mode = spec.modes.includes('upsert') ? 'upsert' : 'append'
    const stream = await system.stream(old)
    const writing = await target(stream, mode)
    if (writing.abilities.repeat === 'doubles') return
    const batch = uniqueBatch(mode === 'upsert' ? 'upsert' : 'insert', [fresh])
    const once = await writing.write(batch)
    const twice = await writing.write(batch)
    await writing.finish()
    if (writing.abilities.repeat === 'replayed') expect(twice).toEqual(once)
    expect(await content(stream)).toEqual([...old, fresh])
  })

  test('absent, null and empty stay three values, or the ledger says what they became', async () => {
    const mode = spec.modes.includes('upsert') ? 'upsert' : 'append'
    const ledger = new CountingLedger()
    const stream = await system.stream(first ? [first] : [])
    const records: DataRecord[] = [
      { id: 'C1', qty: 1 },
      { id: 'C2', name: null, qty: 1 },
      { id: 'C3', name: '', qty: 1 },
    ]
    const writing = await target(stream, mode, ledger)
    await writing.write(uniqueBatch(mode === 'upsert' ? 'upsert' : 'insert', records))
    await writing.finish()
    const { records: found } = await read(stream, ledger)
    const promised = records.filter((record) => 'name' in record || driver.waivers?.absent === undefined)
    const altered = promised.filter((record) => {
      const held = found.find(({ id }) => id === record['id'])
      return !held || held['name'] !== record['name'] || 'name' in held !== 'name' in record
    })
    const noted = Object.values(ledger.take()['name'] ?? {}).reduce((sum, count) => sum + count, 0)
    expect(noted).toBeGreaterThanOrEqual(altered.length)
  })
}

interface Read {
  pages: Page[]
  records: DataRecord[]
}

interface Writing {
  abilities: { repeat: 'replayed' | 'harmless' | 'doubles' }
  /** Absent where the target cannot list what it holds. */
  keys: (() => Promise<DataRecord[]>) | undefined
  write(batch: ReturnType<typeof batchOf>): Promise<string[]>
  finish(): Promise<void>
}

interface Written {
  old: readonly DataRecord[]
  changed: DataRecord
  fresh: DataRecord
}

async function keysOf(target: Target): Promise<DataRecord[]> {
  const keys: DataRecord[] = []
  for await (const page of target.keys?.(never) ?? []) keys.push(...page)
  return keys
}

const LEFT: Readonly<Record<SyncMode, (written: Written) => (DataRecord | undefined)[]>> = {
  append: ({ old, fresh }) => [...old, fresh],
  'insert-only': ({ old, fresh }) => [...old, fresh],
  'update-only': ({ old, changed }) => [old[0], changed, old[2]],
  upsert: ({ old, changed, fresh }) => [old[0], changed, old[2], fresh],
  mirror: ({ old, changed, fresh }) => [old[0], changed, fresh],
}

function rows(count: number): DataRecord[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `A${String(at).padStart(4, '0')}`,
    name: `name ${at}`,
    qty: at,
  }))
}

function byId(one: DataRecord, other: DataRecord): number {
  return textOf(one['id']) < textOf(other['id']) ? -1 : 1
}

/** A batch whose writes have keys of their own, as the core makes them. */
function uniqueBatch(operation: Operation, records: readonly DataRecord[]): ReturnType<typeof batchOf> {
  const batch = batchOf(operation, KEY, records)
  const own = (key: string): string => `${batch.idempotencyKey}/${key}`
  return {
    ...batch,
    writes: batch.writes.map((write) => ({ ...write, idempotencyKey: own(write.idempotencyKey) })),
  }
}
