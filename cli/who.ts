import { userInfo } from 'node:os'
import type { World } from './world'

/** Who works here, for the history of an exception: `--as`, else the user of the operating system. */
export function whoIs(as: string | undefined, env: World['env']): string {
  return as ?? userName() ?? env['USER'] ?? env['USERNAME'] ?? 'somebody'
}

/** Undefined where the system has no entry for the user, as in some containers. */
function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}
