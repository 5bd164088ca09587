import { Fault } from '../shared/core/fault'

/** Whatever was thrown, as a fault; what nobody expected tells nothing of itself. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  return new Fault(
    'UNEXPECTED',
    'Something unexpected happened here; the request id leads to it.',
    {},
    undefined,
    {
      cause: error,
    },
  )
}
