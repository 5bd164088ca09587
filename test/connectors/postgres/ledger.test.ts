import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { portOf } from '../../../bench/lib/port'
import { batchOf, never } from '../../support/batches'
import { describePostgres } from '../../support/postgres'
import { Bench } from './support'

const key = ['sku']

/**
 * Passes everything on, but when armed drops the connection as soon as the server has answered COMMIT: the one
 * moment that no server can be asked to fail at.
 */
async function losesCommitAnswer(url: string): Promise<{ url: string; arm(): void; close(): void }> {
  let armed = false
  const sockets = new Set<Socket>()
  const { hostname, port } = new URL(url)
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let committing = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    client.on('data', (bytes) => {
      committing = armed && bytes.includes('COMMIT\0')
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (committing) {
        armed = false
        client.destroy()
        upstream.end()
      } else client.write(bytes)
    })
    client.on('close', () => upstream.end())
    upstream.on('close', () => client.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxied = new URL(url)
  proxied.port = String(portOf(server))
  return {
    url: proxied.href,
    arm: () => {
      armed = true
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describePostgres('postgres ledger', () => {
  let bench: Bench

  beforeAll(async () => {
    bench = await Bench.start()
  })
  beforeEach(async () => {
    await bench.fresh(
      'CREATE TABLE stock (sku text PRIMARY KEY, quantity numeric(10,2))',
      'CREATE TABLE log (line text)',
    )
  })
  afterAll(async () => {
    await bench.stop()
  })

  test.each(['append', 'upsert'] as const)(
    '%s: a batch whose commit was never acknowledged is answered as the first time',
    async (mode) => {
      const proxy = await losesCommitAnswer(bench.database.url)
      try {
        const connection = await bench.open({ url: proxy.url })
        const what = mode === 'append' ? { stream: 'log', key: [] } : { stream: 'stock', key }
        const target = await connection.target({
          ...what,
          mode,
          settings: {},
          workflow: 'w',
          ledger: bench.ledger,
        })
        expect(target.abilities.repeat).toBe('replayed')
        await bench.sql(`INSERT INTO stock VALUES ('a', 1.50)`)
        // makes the ledger, so that the next COMMIT is that of the batch
        await target.write(
          batchOf('insert', [], [mode === 'append' ? { line: 'first' } : { sku: 'first' }]),
          never,
        )
        const batch =
          mode === 'append'
            ? batchOf('insert', ['line'], [{ line: 'x' }])
            : batchOf('upsert', key, [
                { sku: 'a', quantity: 2 },
                { sku: 'b', quantity: 2 },
              ])
        proxy.arm()
        await expect(target.write(batch, never)).rejects.toMatchObject({
          code: 'DATABASE_COMMIT_UNKNOWN',
          then: 'verify',
        })
        const answers = await target.write(batch, never)

        if (mode === 'append') {
          expect(answers).toEqual([{ outcome: 'created' }])
          expect(await bench.sql('SELECT * FROM log')).toEqual([{ line: 'first' }, { line: 'x' }])
        } else {
          expect(JSON.stringify(answers)).toBe(
            '[{"outcome":"updated","before":{"sku":"a","quantity":1.5}},{"outcome":"created"}]',
          )
        }
      } finally {
        proxy.close()
      }
    },
  )

  test('a session that is killed while it commits leaves nothing, and the repeated batch is written once', async () => {
    await bench.sql(`CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END'`)
    await bench.sql(`CREATE CONSTRAINT TRIGGER t AFTER INSERT ON stock DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION hang()`)
    const target = await bench.target('stock', key)
    const batch = batchOf('upsert', key, [{ sku: 'a', quantity: 1 }])

    await bench.sql('SELECT pg_advisory_lock(1)')
    const writing = expect(target.write(batch, never)).rejects.toMatchObject({
      code: 'DATABASE_COMMIT_UNKNOWN',
    })
    await bench.waitForLock()
    await bench.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    await writing
    expect(await bench.sql('SELECT * FROM stock')).toEqual([])

    await bench.sql('SELECT pg_advisory_unlock(1)')
    expect(await target.write(batch, never)).toEqual([{ outcome: 'created' }])
    expect(await target.write(batch, never)).toEqual([{ outcome: 'created' }])
  })

  test('a session that is killed before it commits is an outage', async () => {
    await bench.sql(`INSERT INTO stock VALUES ('a', 1)`)
    const target = await bench.target('stock', key)
    await bench.sql('BEGIN')
    await bench.sql(`UPDATE stock SET quantity = 2`)
    const writing = expect(
      target.write(batchOf('upsert', key, [{ sku: 'a', quantity: 3 }]), never),
    ).rejects.toMatchObject({ code: 'DATABASE_CONNECTION_LOST', then: 'wait' })
    await bench.waitForLock()
    await bench.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    await writing
    await bench.sql('ROLLBACK')
  })

  test('entries older than a week go', async () => {
    const target = await bench.target('log', [], 'append')
    await target.write(batchOf('insert', [], [{ line: 'x' }]), never)
    await bench.sql(`UPDATE tieout_ledger SET at = now() - interval '8 days'`)

    const later = await bench.target('log', [], 'append')
    await later.write({ ...batchOf('insert', [], [{ line: 'y' }]), idempotencyKey: 'new' }, never)

    expect(await bench.sql('SELECT idempotency_key, answers FROM tieout_ledger')).toEqual([
      { idempotency_key: 'new', answers: 'c1' },
    ])
  })

  test('who may not create the ledger can still write by key, but not append', async () => {
    const role = `clerk_${String(Date.now())}`
    await bench.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'pw'`)
    try {
      await bench.sql('REVOKE CREATE ON SCHEMA public FROM PUBLIC')
      await bench.sql(`GRANT SELECT, INSERT, UPDATE ON stock, log TO ${role}`)
      const url = new URL(bench.database.url)
      url.username = role
      url.password = 'pw'
      const connection = await bench.open({ url: url.href })
      const request = {
        stream: 'stock',
        key,
        mode: 'upsert',
        settings: {},
        workflow: 'w',
        ledger: bench.ledger,
      } as const

      const target = await connection.target(request)
      expect(target.abilities.repeat).toBe('harmless')
      expect(await target.write(batchOf('upsert', key, [{ sku: 'a', quantity: 1 }]), never)).toEqual([
        { outcome: 'created' },
      ])
      expect(bench.warnings.join()).toContain(`GRANT CREATE ON SCHEMA "public" TO ${role};`)

      await expect(
        connection.target({ ...request, stream: 'log', key: [], mode: 'append' }),
      ).rejects.toMatchObject({
        code: 'DATABASE_LEDGER_REFUSED',
        evidence: { grant: `GRANT CREATE ON SCHEMA "public" TO ${role};` },
      })
      await expect(target.write(batchOf('delete', key, [{ sku: 'a' }]), never)).rejects.toMatchObject({
        code: 'DATABASE_PERMISSION_DENIED',
      })
      await connection.close()
    } finally {
      await bench.sql(`DROP OWNED BY ${role}`)
      await bench.sql(`DROP ROLE ${role}`)
    }
  })
})
