import type { Page, Source, Target } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import { maskedSource, maskedTarget } from '../../shared/core/masked-sides'
import { textOf } from '../../shared/core/record/value'
import { batchOf } from '../support/batches'
import { MemoryTarget } from '../support/memory-systems'

const { signal } = new AbortController()
const refuse = (said: string): Promise<never> =>
  Promise.reject(new Fault('REQUEST_REFUSED', `no: ${said}`, { answer: said, status: 400 }, 5))

test('a fault of a listing shows nothing of the record that it went on from', async () => {
  const page: Page = { rows: [{ id: 'K-0815', qty: 1 }], firstRow: 1, position: 'K-0815' }
  const source: Source = {
    typed: true,
    async *read() {
      yield page
      await refuse('/people?after=K-0815&size=100')
    },
    lookup: ([first]) => refuse(`/people/${textOf(first?.['id'])}`),
  }
  const quiet = maskedSource(source, ['id'])
  const pages: Page[] = []
  const reading = async (): Promise<void> => {
    for await (const one of quiet.read({ pageSize: 100, signal })) pages.push(one)
  }
  await expect(reading()).rejects.toMatchObject({
    detail: 'no: /people?after=***&size=100',
    evidence: { answer: '/people?after=***&size=100', status: 400 },
    retryAfterMs: 5,
  })
  expect(pages).toEqual([page])
  await expect(quiet.lookup?.([{ id: 'K-0815' }])).rejects.toMatchObject({ detail: 'no: /people/***' })
})

test('a target that is masked can do what it could', async () => {
  const target: Target = new MemoryTarget(['id'])
  const quiet = maskedTarget(target, ['id'])
  for (const member of ['plan', 'lookup', 'keys', 'fingerprint', 'finish'] as const)
    expect(`${member} ${typeof quiet[member]}`).toBe(`${member} ${typeof target[member]}`)
  expect(await quiet.write(batchOf('upsert', ['id'], [{ id: 1 }]), signal)).toEqual([{ outcome: 'created' }])
  expect(await quiet.lookup?.([{ id: 1 }], signal)).toEqual([{ id: 1 }])
  expect(maskedTarget(target, [])).toBe(target)
})

test('a side that is masked says of itself what it said', () => {
  const said = { address: 'here', typed: true, fields: ['id', 'notes'], json: ['notes'] }
  const source: Source = { ...said, async *read() {} }
  expect(maskedSource(source, ['id'])).toMatchObject(said)
  const { abilities } = new MemoryTarget(['id'])
  const target: Target = { abilities, address: 'here', json: ['notes'], write: () => Promise.resolve([]) }
  expect(maskedTarget(target, ['id'])).toMatchObject({ abilities, address: 'here', json: ['notes'] })
})
