import { Fault } from '../../../shared/core/fault'
import { lostAnswer } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

describe('a mirror of what it has written, to a target that cannot be asked', () => {
  function mirror(): Bench {
    const guards = { deletes: {}, rejects: {} }
    const bench = new Bench(rows(100), {
      mode: 'mirror',
      deleteScope: 'written',
      checkpointEvery: 50,
      guards,
    })
    bench.target.abilities = { compares: false, repeat: 'harmless', atomic: true, before: false }
    delete bench.target.lookup
    delete bench.target.plan
    return bench
  }

  /** The next nights of a source that has every tenth record no more. */
  async function nights(bench: Bench): Promise<void> {
    const { source, target } = bench
    target.before = () => undefined
    target.after = (_, answers) => answers
    source.rows = rows(100).filter(({ id }) => Number(id) % 10 !== 3)
    expect((await bench.sync()).status).toBe('succeeded')
    // what came before the checkpoint of the failed night goes with the run after it
    await bench.sync()
    expect(target.state).toHaveLength(90)
    expect(counts(await bench.sync())).toEqual({ unchanged: 90 })
  }

  it('takes away what a night that failed had sent and the source has no more', async () => {
    const bench = mirror()
    bench.target.before = (_, call) => {
      if (call > 8) throw new Fault('UNAUTHORIZED', 'refused')
    }
    expect((await bench.sync()).status).toBe('failed')
    expect(bench.target.state).toHaveLength(80)
    await nights(bench)
  })

  it('also where the answers were lost', async () => {
    const bench = mirror()
    bench.target.after = (_, answers, call) => {
      if (call > 8) throw lostAnswer()
      return answers
    }
    expect((await bench.sync()).status).toBe('failed')
    expect(bench.target.state).toHaveLength(100)
    await nights(bench)
  })
})
