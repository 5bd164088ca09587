import type {
  CheckedStream,
  CheckStep,
  Connection,
  ConnectionContext,
  Connector,
  Source,
  SourceRequest,
  StreamInfo,
  Target,
  TargetRequest,
} from '../../shared/core/connector'
import { column, requireUniqueKey } from '../../shared/core/database/table'
import { number, text } from '../../shared/core/settings'
import { checkConnection } from './check'
import { listStreams } from './discover'
import { BatchLedger } from './ledger'
import { describeSource, SqliteSource } from './read'
import { Session } from './session'
import { spec } from './spec'
import { describeTable, names } from './table'
import { SqliteTarget } from './write'

const BUSY_TIMEOUT_MS = 2000

export const sqlite: Connector = {
  spec,
  open: (context) => Promise.resolve(new SqliteConnection(context)),
}

/** A session each for source and target, so that a read is never inside the transaction of a write. */
class SqliteConnection implements Connection {
  private readonly sessions: Session[] = []

  constructor(private readonly context: ConnectionContext) {}

  async streams(): Promise<StreamInfo[]> {
    return Promise.resolve(listStreams(this.session()))
  }

  async source(request: SourceRequest): Promise<Source> {
    const session = this.session()
    const relation = session.guarded(() => describeSource(session, request))
    return Promise.resolve(new SqliteSource(session, relation, this.context.ports.log))
  }

  async target(request: TargetRequest): Promise<Target> {
    const session = this.session()
    const table = session.guarded(() => describeTable(session, request.stream))
    for (const field of request.key) column(table, field, request.stream)
    if (request.mode !== 'append') {
      const index = `${names([`${table.name}_key`])} ON ${table.sql} (${names(request.key)})`
      requireUniqueKey(table, request.key, `CREATE UNIQUE INDEX ${index};`)
    }
    const ledger =
      request.settings['ledger'] === 'off' ? undefined : new BatchLedger(session, request.workflow)
    return Promise.resolve(new SqliteTarget(session, table, request, ledger))
  }

  check(stream?: CheckedStream): AsyncIterable<CheckStep> {
    return checkConnection(() => this.session(), stream)
  }

  async close(): Promise<void> {
    for (const session of this.sessions.splice(0)) session.close()
    return Promise.resolve()
  }

  private session(): Session {
    const { settings, ports, traffic } = this.context
    const file = text(settings, 'file') ?? ''
    const wait = number(settings, 'busyTimeout') ?? BUSY_TIMEOUT_MS
    const session = Session.open(ports.files.locate(file), file, wait, traffic)
    this.sessions.push(session)
    return session
  }
}
