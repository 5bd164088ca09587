import { MalformedRow, type Connection, type Connector, type StreamInfo } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import type { JsonSchema, Ports } from '../../shared/core/ports'
import { inferSchema } from '../../shared/core/record/infer-schema'
import { CountingLedger } from '../../shared/core/record/ledger'
import type { DataRecord } from '../../shared/core/record/value'
import type { Endpoint } from './detect'
import { keyCandidate } from './key'

/** What is known of one end after a look at it. */
export interface Examined {
  stream: string
  schema: JsonSchema | undefined
  key: readonly string[] | undefined
}

const SAMPLE = 1000

export async function examineSource(
  endpoint: Endpoint,
  connector: Connector,
  ports: Ports,
): Promise<Examined> {
  return withConnection(endpoint, connector, ports, async (connection) => {
    const info = await infoOf(connection, endpoint)
    const { records, typed } = await sample(connection, info.name)
    const schema = info.schema ?? (records.length === 0 ? undefined : inferSchema(records, { typed }))
    return { stream: info.name, schema, key: info.key ?? keyCandidate(records) }
  })
}

/** A target that is not there yet is no fault: files are made by the first run. */
export async function examineTarget(
  endpoint: Endpoint,
  connector: Connector,
  ports: Ports,
): Promise<Examined> {
  if (endpoint.file) return { stream: endpoint.stream ?? '', schema: undefined, key: undefined }
  return withConnection(endpoint, connector, ports, async (connection) => {
    const { name, schema, key } = await infoOf(connection, endpoint)
    return { stream: name, schema, key }
  })
}

async function withConnection<T>(
  { connector: name, settings }: Endpoint,
  connector: Connector,
  ports: Ports,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const connection = await connector.open({ name, settings, ports, traffic })
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

async function infoOf(connection: Connection, { stream, file, connector }: Endpoint): Promise<StreamInfo> {
  if (file && stream !== undefined) return { name: stream }
  const streams = await connection.streams()
  const [only] = streams
  if (stream !== undefined) return streams.find(({ name }) => name === stream) ?? { name: stream }
  if (only && streams.length === 1) return only
  const names = streams.map(({ name }) => name).join(', ')
  const detail = names === '' ? `${connector} has no streams yet.` : `${connector} has the streams ${names}.`
  throw new Fault('STREAM_UNCLEAR', detail, { connector, streams: streams.length })
}

async function sample(
  connection: Connection,
  stream: string,
): Promise<{ records: DataRecord[]; typed: boolean }> {
  const source = await connection.source({ stream, settings: {}, key: [], ledger: new CountingLedger() })
  const records: DataRecord[] = []
  const enough = new AbortController()
  for await (const { rows } of source.read({ pageSize: SAMPLE, signal: enough.signal })) {
    for (const row of rows) if (!(row instanceof MalformedRow)) records.push(row)
    if (records.length >= SAMPLE) break
  }
  return { records: records.slice(0, SAMPLE), typed: source.typed }
}
