import { Fault } from '../shared/core/fault'

/** A fault stays; anything else is one that the catalogue does not know. Never with a stack or a password. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const message = error instanceof Error ? error.message : String(error)
  const masked = message.replace(/:\/\/[^\s/@]+@/g, '://***@')
  return new Fault('UNEXPECTED', masked, {}, undefined, { cause: error })
}
