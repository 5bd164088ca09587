import { full } from '../../support/crash'
import { describePostgres } from '../../support/postgres'
import { doublingKind, keyedKind, putKind } from './kinds/http'
import { fileKind } from './kinds/file'
import type { Kind } from './kinds/kind'
import { postgresKind, postgresLogKind } from './kinds/postgres'
import { sqliteKind } from './kinds/sqlite'
import { Program } from './start'
import { Trial, type Mode, type Size } from './trial'

const csv = fileKind('csv')
const ndjson = fileKind('ndjson')
const everywhere: [Kind, Mode][] = [
  [csv, 'upsert'],
  [csv, 'mirror'],
  [ndjson, 'upsert'],
  [ndjson, 'mirror'],
  [sqliteKind, 'upsert'],
  [sqliteKind, 'mirror'],
  [keyedKind, 'upsert'],
  [keyedKind, 'mirror'],
  [putKind, 'upsert'],
  [putKind, 'mirror'],
  [doublingKind, 'insert-only'],
]
const some: [Kind, Mode][] = [
  [csv, 'mirror'],
  [ndjson, 'upsert'],
  [sqliteKind, 'mirror'],
  [keyedKind, 'mirror'],
  [putKind, 'upsert'],
  [doublingKind, 'insert-only'],
]

/**
 * A killed run, started again, leaves what a run leaves that nobody killed: the same records, none twice, the same
 * account of them; and a further run has nothing to do.
 *
 * @param kill kills and starts again, some times; answers what differed, by the place of the kill
 */
export function forEveryKind(
  size: Size,
  kill: (trial: Trial, name: string) => Promise<Record<string, string[]>>,
): void {
  let program: Program
  beforeAll(() => {
    program = new Program()
  })
  afterAll(() => {
    program.remove()
  })

  async function unharmed(name: string, kind: Kind, mode: Mode): Promise<void> {
    const trial = await Trial.open(program, kind, mode, sizeFor(kind, size))
    try {
      expect(await kill(trial, name)).toEqual({})
    } finally {
      await trial.close()
    }
  }

  // a request for each record takes a quarter of them as long
  const sizeFor = (kind: Kind, { records, ...rest }: Size): Size => ({
    ...rest,
    records: kind === putKind && !full ? Math.min(records, 1000) : records,
  })
  const named = ([kind, mode]: [Kind, Mode]): [string, Kind, Mode] => [`${kind.name}, ${mode}`, kind, mode]
  const postgres: [Kind, Mode][] = [
    ...(full ? [[postgresKind, 'upsert'] as [Kind, Mode]] : []),
    [postgresKind, 'mirror'],
    [postgresLogKind, 'append'],
  ]
  test.each((full ? everywhere : some).map(named))('%s', unharmed, 900_000)
  describePostgres('over a network', () => {
    test.each(postgres.map(named))('%s', unharmed, 900_000)
  })
}
