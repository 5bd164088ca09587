import { hostname } from 'node:os'
import { hasCode } from './definition/system-error'

/**
 * Whether the process behind an owner's name (`host:pid`) is still there; undefined for another machine, where nobody
 * here can tell.
 */
export function isAlive(owner: string): boolean | undefined {
  const at = owner.lastIndexOf(':')
  const pid = Number(owner.slice(at + 1))
  if (owner.slice(0, at) !== hostname() || !Number.isInteger(pid) || pid <= 0) return undefined
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there and belongs to somebody else
    return hasCode(error, 'EPERM')
  }
}
