import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../shared/core/fault'

/**
 * Keeps other gateways from the state of this one: they would take its jobs for left behind. A lock of SQLite that nothing
 * is written under ends with its process, however that ends.
 * @param state its folder, which exists
 * @returns what gives it back
 * @throws Fault GATEWAY_ALREADY_GOING
 */
export function holdState(state: string): () => void {
  const db = new DatabaseSync(join(state, 'gateway.lock'))
  try {
    db.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!isBusy(error)) throw error
    throw new Fault('GATEWAY_ALREADY_GOING', `Another gateway is at work on ${state}.`, { state })
  }
  return () => {
    db.close()
  }
}

/** https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === 5
}
