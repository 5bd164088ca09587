import { Decimal } from '../../../shared/core/record/decimal'
import { undoRun } from '../../../shared/core/bulk-sync/undo'
import { lostAnswer } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

describe('undo', () => {
  it('deletes what a run created and writes back what it changed', async () => {
    const bench = new Bench(rows(3))
    bench.target.records.set('[2]', { id: 2, name: 'before', by: 'hand' })
    const { run } = await bench.sync()
    const receipt = await undoRun(bench.request(), run)
    expect(counts(receipt)).toEqual({ deleted: 2, updated: 1 })
    expect(bench.target.state).toEqual([{ id: 2, name: 'before', by: 'hand', qty: 1 }])
  })

  it('knows texts again that the target keeps as numbers and the like', async () => {
    const bench = new Bench([
      { id: '1', qty: '5', ok: 'true', note: null },
      { id: '2', qty: '7', ok: 'false', note: 'x' },
    ])
    const { run } = await bench.sync()
    const lookup = bench.target.lookup
    bench.target.lookup = async (keys, signal) =>
      ((await lookup?.(keys, signal)) ?? []).map(
        (held) =>
          held && {
            ...held,
            id: Number(held['id']),
            qty: held['id'] === '2' ? 8 : 5,
            ok: held['ok'] === 'true',
          },
      )
    const receipt = await undoRun(bench.request(), run)
    expect(counts(receipt)).toEqual({ deleted: 1, rejected: 1 })
    expect(receipt.rejectedBy).toEqual({ CHANGED_SINCE: 1 })
    expect(bench.target.state).toEqual([{ id: '2', qty: '7', ok: 'false', note: 'x' }])
  })

  it('knows a record again whatever its columns made of its texts, field by field', async () => {
    const sent = {
      price: '0.5',
      cost: '10.00',
      code: '007',
      at: '2026-01-02 03:04:05',
      seen: '2026-01-02T03:04+01:00',
      more: '{"b":1.0,"a":[true]}',
      name: '1 of 2',
    }
    const bench = new Bench([
      { id: '1', ...sent },
      { id: '2', ...sent },
    ])
    const { run } = await bench.sync()
    const lookup = bench.target.lookup
    const held = {
      price: Decimal.ofDigits('0.50'),
      cost: 10,
      code: 7,
      at: '2026-01-02T03:04:05',
      seen: '2026-01-02T02:04:00Z',
      more: { a: [true], b: 1 },
      name: '1 of 2',
    }
    bench.target.lookup = async (keys, signal) =>
      ((await lookup?.(keys, signal)) ?? []).map(
        (found) =>
          found && { ...found, ...held, ...(found['id'] === '2' ? { at: '2026-01-02T03:04:06' } : {}) },
      )
    expect(counts(await undoRun(bench.request(), run))).toEqual({ deleted: 1, rejected: 1 })
    expect(bench.target.state).toMatchObject([{ id: '2' }])
  })

  it.each([
    ['a schema', { properties: { qty: { type: 'number' }, day: { type: 'string' } } }],
    ['no schema', undefined],
  ])('knows numbers again that the target keeps as texts, with %s', async (_, schema) => {
    const bench = new Bench([{ id: 1, qty: 5, ok: true, day: '2026-01-01' }])
    if (schema)
      bench.workflow = {
        ...bench.workflow,
        schema: {
          ...schema,
          properties: { ...schema.properties, id: { type: 'integer' }, ok: { type: 'boolean' } },
        },
      }
    const { run } = await bench.sync()
    const lookup = bench.target.lookup
    bench.target.lookup = async (keys, signal) =>
      ((await lookup?.(keys, signal)) ?? []).map((held) => held && { ...held, id: '1', qty: '5', ok: 'true' })
    expect(counts(await undoRun(bench.request(), run))).toEqual({ deleted: 1 })
  })

  it('deletes nothing that may have been there before the run', async () => {
    const bench = new Bench(rows(3))
    bench.target.abilities = { compares: false, repeat: 'harmless', atomic: true, before: false }
    bench.target.records.set('[2]', { id: 2, name: 'record 2', qty: 1 })
    bench.target.after = (_, answers) => answers.map(() => ({ outcome: 'created', assumed: true }))
    const { run } = await bench.sync()
    const receipt = await undoRun(bench.request(), run)
    expect(receipt.rejectedBy).toEqual({ BEFORE_UNKNOWN: 3 })
    expect(bench.target.state).toHaveLength(3)
  })

  it('deletes nothing that was found in place after an answer was lost', async () => {
    const bench = new Bench(rows(3))
    bench.target.abilities = { compares: false, repeat: 'doubles', atomic: true, before: false }
    bench.target.records.set('[2]', { id: 2, name: 'record 2', qty: 1 })
    bench.target.after = (_, answers, call) => {
      if (call === 1) throw lostAnswer()
      return answers
    }
    const { run } = await bench.sync()
    bench.target.after = (_, answers) => answers
    const receipt = await undoRun(bench.request(), run)
    expect(receipt.rejectedBy).toEqual({ BEFORE_UNKNOWN: 3 })
    expect(bench.target.records.has('[2]')).toBe(true)
  })

  it('leaves alone what was appended: an earlier record may have the same key', async () => {
    const bench = new Bench(rows(3), { mode: 'append' })
    const { run } = await bench.sync()
    await expect(undoRun(bench.request(), run)).rejects.toMatchObject({
      code: 'UNDO_NOT_POSSIBLE',
      detail: `Run ${run} appended; its records cannot be told from those that were there.`,
    })
    expect(bench.target.state).toHaveLength(3)
  })

  it('that was stopped says so, and is done by another one', async () => {
    const bench = new Bench(rows(300), { checkpointEvery: 50 })
    for (const [at, row] of rows(300).entries()) bench.target.records.set(`[${at + 1}]`, { ...row, qty: 90 })
    for (const id of [30, 290]) bench.target.records.delete(`[${id}]`)
    const { run } = await bench.sync()
    const stop = new AbortController()
    const calls = bench.target.batches.length
    bench.target.before = (_, call) => {
      if (call === calls + 2) stop.abort()
    }
    const finished = bench.target.finished
    const stopped = await undoRun(bench.request({ signal: stop.signal }), run)
    expect(stopped).toMatchObject({ status: 'interrupted', staged: true })
    expect(counts(stopped)).toEqual({ deleted: 1, updated: 49 })
    expect(bench.target.finished).toBe(finished)

    bench.target.before = () => undefined
    const receipt = await undoRun(bench.request(), run)
    expect(receipt.status).toBe('succeeded')
    expect(counts(receipt)).toEqual({ unchanged: 49, skipped: 1, deleted: 1, updated: 249 })
    expect(bench.target.state).toHaveLength(298)
    expect(bench.target.state.every(({ qty }) => qty === 90)).toBe(true)
  })

  it('says why it cannot begin, and writes nothing', async () => {
    const bench = new Bench(rows(3))
    const { run } = await bench.sync()
    await expect(undoRun(bench.request(), 'none')).rejects.toMatchObject({
      code: 'RUN_UNKNOWN',
      evidence: { run: 'none' },
    })
    bench.workflow = { ...bench.workflow, key: [] }
    await expect(undoRun(bench.request(), run)).rejects.toMatchObject({
      code: 'UNDO_NOT_POSSIBLE',
      detail: 'stock has no key.',
      evidence: { run, workflow: 'stock' },
    })
    bench.workflow = { ...bench.workflow, key: ['id'] }
    delete bench.target.lookup
    await expect(undoRun(bench.request(), run)).rejects.toMatchObject({
      code: 'UNDO_NOT_POSSIBLE',
      detail: 'wms cannot look up records by key.',
    })
    expect(bench.target.state).toHaveLength(3)
  })
})
