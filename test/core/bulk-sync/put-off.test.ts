import { Bench, counts, rows } from '../../support/run-sync'

describe('a target that says later', () => {
  /** These it puts off for ever. */
  function puttingOff(ids: (id: number) => boolean): Bench {
    const bench = new Bench(rows(100))
    bench.target.after = ({ writes }, answers) =>
      answers.map((answer, i) =>
        ids(Number(writes[i]?.record['id'])) ? { outcome: 'retry', afterMs: 1000 } : answer,
      )
    return bench
  }

  it('of one record over and over is asked no more; the record is sent by the next run', async () => {
    const bench = puttingOff((id) => id === 17)
    const receipt = await bench.sync()
    expect(counts(receipt)).toEqual({ created: 99, unprocessed: 1 })
    expect(receipt.status).toBe('exceptions')
    const [failure] = await bench.store.inbox.failures({ run: receipt.run, limit: 10 })
    expect(failure).toMatchObject({ code: 'RECORD_PUT_OFF', key: '[17]' })
    bench.target.after = (_, answers) => answers
    bench.target.records.delete('[17]')
    expect(counts(await bench.sync())).toEqual({ unchanged: 99, created: 1 })
  })

  it('of whole batches is out of order: the run ends and goes on later', async () => {
    const bench = puttingOff((id) => id > 40)
    const failed = await bench.sync()
    expect(failed).toMatchObject({ status: 'failed', fault: { code: 'RATE_LIMITED' } })
    bench.target.after = (_, answers) => answers
    expect((await bench.sync()).status).toBe('succeeded')
    expect(bench.target.state).toHaveLength(100)
  })

  it('of all but a few each time is given as long as it takes', async () => {
    const bench = new Bench(rows(50), { batch: 50 })
    bench.target.after = (_, answers) => answers.map((answer, i) => (i < 2 ? answer : { outcome: 'retry' }))
    expect((await bench.sync()).status).toBe('succeeded')
    expect(bench.target.batches).toHaveLength(25)
  })
})
