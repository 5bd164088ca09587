import fc from 'fast-check'
import type { EventType } from '../../../shared/core/feed'
import { failure, InboxBench } from '../../support/failures'

type Step =
  'fails' | 'fails in the same run' | 'passes' | 'is gone' | 'resolve' | 'ignore' | 'reopen' | 'expires'

const STEPS: readonly Step[] = [
  'fails',
  'fails in the same run',
  'passes',
  'is gone',
  'resolve',
  'ignore',
  'reopen',
  'expires',
]
const KIM = { who: 'kim' }

/** What the events say of it, without looking at the exception. */
const STATE_AFTER: Partial<Record<EventType, string>> = {
  'exception.opened': 'open',
  'exception.reopened': 'open',
  'exception.resolved': 'resolved',
  'exception.ignored': 'ignored',
  'exception.expired': 'expired',
}

/** Does it where it can be done. */
async function take(bench: InboxBench, step: Step, run: number): Promise<void> {
  const { inbox, clock, store } = bench
  const by = { who: `run r${String(run)}`, run: `r${String(run)}`, at: clock.now() }
  const settled = { subject: '["A1"]', evidence: step }
  switch (step) {
    case 'fails':
    case 'fails in the same run':
      return bench.raise(failure(1, { run: `r${String(run)}`, at: clock.now() }))
    case 'passes':
      return store.inbox.settle('stock', [{ ...settled, how: 'moved' }], by)
    case 'is gone':
      return store.inbox.settle('stock', [{ ...settled, how: 'gone' }], by)
    case 'resolve':
      await inbox.change({ filter: {} }, [{ do: 'resolve' }], KIM)
      return
    case 'ignore':
      await inbox.change({ filter: {} }, [{ do: 'ignore', reason: 'x', whileUnchanged: true }], KIM)
      return
    case 'reopen':
      await inbox.change({ filter: {} }, [{ do: 'reopen' }], KIM)
      return
    case 'expires':
      await store.inbox.expireExceptions('stock', clock.now(), clock.now())
  }
}

test('whatever happens: its history tells its state, and its attempts are the runs in which it failed', async () => {
  const steps = fc.array(fc.constantFrom(...STEPS), { maxLength: 25 })
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const bench = await InboxBench.with(failure(1, { run: 'r0' }))
      let run = 0
      const failedIn = new Set(['r0'])
      for (const step of taken) {
        bench.clock.advance(1000)
        if (step !== 'fails in the same run') run++
        await take(bench, step, run)
        if (step.startsWith('fails')) failedIn.add(`r${String(run)}`)
      }
      const { exception, history } = await bench.inbox.show(1)
      const told = history.flatMap(({ type }) => STATE_AFTER[type] ?? []).at(-1)
      expect({ taken, state: exception.state }).toEqual({ taken, state: told })
      expect({ taken, attempts: exception.attempts }).toEqual({ taken, attempts: failedIn.size })
      expect(exception.resolution === undefined).toBe(['open', 'ignored'].includes(exception.state))
      expect(exception.ignored === undefined).toBe(exception.state !== 'ignored')
      expect(await bench.inbox.count({})).toBe(1)
      await bench.store.close()
    }),
    { numRuns: 60 },
  )
})
