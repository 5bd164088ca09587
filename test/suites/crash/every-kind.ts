import { drawn } from '../../support/crash'
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
/** At a desk the first four are enough. */
const kinds: readonly [Kind, Mode][] = [
  [csv, 'mirror'],
  [sqliteKind, 'mirror'],
  [keyedKind, 'mirror'],
  [doublingKind, 'insert-only'],
  [csv, 'upsert'],
  [ndjson, 'upsert'],
  [ndjson, 'mirror'],
  [sqliteKind, 'upsert'],
  [keyedKind, 'upsert'],
  [putKind, 'upsert'],
  [putKind, 'mirror'],
]
/** And of these the first two. */
const networkKinds: readonly [Kind, Mode][] = [
  [postgresKind, 'mirror'],
  [postgresLogKind, 'append'],
  [postgresKind, 'upsert'],
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
    const trial = await Trial.open(program, kind, mode, size)
    try {
      expect(await kill(trial, name)).toEqual({})
    } finally {
      await trial.close()
    }
  }

  const named = ([kind, mode]: [Kind, Mode]): [string, Kind, Mode] => [`${kind.name}, ${mode}`, kind, mode]
  test.each(drawn(kinds, 4).map(named))('%s', unharmed, 900_000)
  describePostgres('over a network', () => {
    test.each(drawn(networkKinds, 2).map(named))('%s', unharmed, 900_000)
  })
}
