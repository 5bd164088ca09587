import { describePostgres } from '../../support/postgres'
import { doublingKind, keyedKind, putKind } from './kinds/http'
import { fileKind } from './kinds/file'
import type { Kind } from './kinds/kind'
import { postgresKind } from './kinds/postgres'
import { sqliteKind } from './kinds/sqlite'
import { chanceOf, some } from './random'
import { Program } from './start'
import { Trial, type Mode, type Size } from './trial'

/**
 * A killed run, started again, leaves what a run leaves that nobody killed: the same records, none twice, the same
 * account of them; and a further run has nothing to do.
 *
 * With TIEOUT_CRASH=full every boundary of every kind of target is tried, and some 100 instants. Else a few are drawn, the
 * same in every run.
 */
const full = process.env['TIEOUT_CRASH'] === 'full'
const boundaries: Size = { records: 160, batch: 40, checkpointEvery: 80 }
const instants: Size = { records: 4000, batch: 100, checkpointEvery: 500 }

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
const drawn: [Kind, Mode][] = [
  [csv, 'mirror'],
  [ndjson, 'upsert'],
  [sqliteKind, 'mirror'],
  [keyedKind, 'mirror'],
  [putKind, 'upsert'],
  [doublingKind, 'insert-only'],
]

let program: Program
beforeAll(() => {
  program = new Program()
})
afterAll(() => {
  program.remove()
})

const named = ([kind, mode]: [Kind, Mode]): [string, Kind, Mode] => [`${kind.name}, ${mode}`, kind, mode]
const others = (full ? everywhere : drawn).map(named)
const postgres = (full ? (['upsert', 'mirror'] as const) : (['mirror'] as const)).map((mode) =>
  named([postgresKind, mode]),
)

describe('killed at a boundary', () => {
  test.each(others)('%s', atBoundaries, 900_000)
  describePostgres('over a network', () => {
    test.each(postgres)('%s', atBoundaries, 900_000)
  })
})

describe('killed at any instant', () => {
  test.each(others)('%s', atInstants, 900_000)
  describePostgres('over a network', () => {
    test.each(postgres)('%s', atInstants, 900_000)
  })
})

async function atBoundaries(name: string, kind: Kind, mode: Mode): Promise<void> {
  const trial = await Trial.open(program, kind, mode, boundaries)
  const found: Record<string, string[]> = {}
  try {
    const { points } = trial.clean
    for (const point of full ? points : some(points, 3, chanceOf(name))) {
      await trial.reset()
      const killed = await trial.start({ killAt: point }).end()
      const differences = await trial.differences(await trial.finish())
      if (killed !== 'killed') differences.push('was not killed')
      if (differences.length > 0) found[point] = differences
    }
  } finally {
    await trial.close()
  }
  expect(found).toEqual({})
}

/** The second start is killed too, wherever it has come to by then. */
async function atInstants(name: string, kind: Kind, mode: Mode): Promise<void> {
  const trial = await Trial.open(program, kind, mode, instants)
  const chance = chanceOf(name)
  const found: Record<string, string[]> = {}
  try {
    for (let round = 1; round <= (full ? 4 : 1); round++) {
      await trial.reset()
      const delays = [chance(), chance()].map((part) => Math.round(part * trial.clean.tookMs))
      for (const ms of delays) await trial.killAfter(ms)
      const differences = await trial.differences(await trial.finish())
      if (differences.length > 0) found[`after ${delays.join(' and ')} ms`] = differences
    }
  } finally {
    await trial.close()
  }
  expect(found).toEqual({})
}
