import { Fault } from '../../../shared/core/fault'
import { waitedOut } from '../../../shared/core/resilience/waited-out'
import { portsWithLog } from '../../support/batches'

const down = new Fault('DATABASE_UNREACHABLE', 'db:5432/shop: no connection.')

function tries(faults: readonly Fault[]) {
  const warnings: string[] = []
  const left = [...faults]
  const signal = new AbortController().signal
  const patience = { ...portsWithLog(warnings), retry: { attempts: 4, forMs: 900_000 }, signal }
  let made = 0
  const work = (): Promise<number> => {
    made++
    const fault = left.shift()
    return fault ? Promise.reject(fault) : Promise.resolve(made)
  }
  return { done: waitedOut(work, patience), warnings, made: () => made }
}

it('tries again what is out of reach for a time, and says so', async () => {
  const { done, warnings } = tries([down, down])
  expect(await done).toBe(3)
  expect(warnings).toEqual(Array(2).fill('db:5432/shop: no connection. It is tried again.'))
})

it('gives up after as many tries as the workflow allows', async () => {
  const { done, made } = tries([down, down, down, down, down])
  await expect(done).rejects.toBe(down)
  expect(made()).toBe(4)
})

it('does not try again what waiting does not mend', async () => {
  const refused = new Fault('DATABASE_LOGIN_REFUSED', 'the login failed')
  const { done, made } = tries([refused])
  await expect(done).rejects.toBe(refused)
  expect(made()).toBe(1)
})
