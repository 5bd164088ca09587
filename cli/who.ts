import { userInfo } from 'node:os'
import { Fault } from '../shared/core/fault'
import type { World } from './world'

/**
 * Who works here, for a history or a signature: `--as`, else the user of the operating system.
 * @throws Fault COMMAND_INVALID where `--as` names nobody
 */
export function whoIs(as: string | undefined, env: World['env']): string {
  if (as?.trim() === '') throw new Fault('COMMAND_INVALID', '--as needs the name of who does it.')
  return as?.trim() ?? userName() ?? env['USER'] ?? env['USERNAME'] ?? 'somebody'
}

/** Undefined where the system has no entry for the user, as in some containers. */
function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}
