import type {
  CheckedStream,
  CheckStep,
  Connection,
  Connector,
  Source,
  SourceRequest,
  StreamInfo,
  Target,
  TargetRequest,
} from '../../shared/core/connector'
import { column, requireUniqueKey } from '../../shared/core/database/table'
import { Fault } from '../../shared/core/fault'
import type { Ports } from '../../shared/core/ports'
import { checkConnection } from './check'
import { listStreams } from './discover'
import { BatchLedger } from './ledger'
import { describeSource, PostgresSource } from './read'
import { Session } from './session'
import { readSettings } from './settings'
import { spec } from './spec'
import { names } from './sql'
import { describeTable, type Table } from './table'
import type { Transaction } from './transaction'
import { MAX_CONCURRENCY, PostgresTarget } from './write'

export const postgres: Connector = {
  spec,
  async open(context) {
    const settings = await readSettings(context)
    // one more than write at once, for a read that goes on meanwhile
    const session = new Session(settings, context.traffic, MAX_CONCURRENCY + 1)
    return new PostgresConnection(session, context.ports)
  },
}

class PostgresConnection implements Connection {
  constructor(
    private readonly session: Session,
    private readonly ports: Ports,
  ) {}

  async streams(): Promise<StreamInfo[]> {
    return listStreams(this.session)
  }

  async source(request: SourceRequest): Promise<Source> {
    const relation = await this.session.transaction('READ ONLY', async (tx) => ({
      result: await describeSource(tx, request, this.session.settings.schema),
    }))
    return new PostgresSource(this.session, relation, request.ledger, this.ports.log)
  }

  async target(request: TargetRequest): Promise<Target> {
    return this.session.transaction('READ ONLY', async (tx) => {
      const table = await describeTable(tx, request.stream, this.session.settings.schema)
      for (const field of request.key) column(table, field, request.stream)
      if (request.mode !== 'append')
        requireUniqueKey(table, request.key, `CREATE UNIQUE INDEX ON ${table.sql} (${names(request.key)});`)
      const ledger = await this.ledger(tx, table, request)
      return { result: new PostgresTarget(this.session, table, request, ledger) }
    })
  }

  check(stream?: CheckedStream): AsyncIterable<CheckStep> {
    return checkConnection(this.session, this.ports.http, stream)
  }

  async close(): Promise<void> {
    await this.session.close()
  }

  private async ledger(
    tx: Transaction,
    table: Table,
    request: TargetRequest,
  ): Promise<BatchLedger | undefined> {
    if (request.settings['ledger'] === 'off') return undefined
    const ledger = new BatchLedger(this.session, table.schema, request.workflow)
    const grant = await ledger.missingGrant(tx)
    if (grant === undefined) return ledger
    if (request.mode !== 'append') {
      this.ports.log.warn(
        `No ledger in schema ${table.schema}: a repeated batch is compared again instead. ${grant}`,
      )
      return undefined
    }
    throw new Fault(
      'DATABASE_LEDGER_REFUSED',
      `append to ${request.stream} needs the table tieout_ledger in schema ${table.schema}. Run: ${grant}`,
      { schema: table.schema, grant },
    )
  }
}
