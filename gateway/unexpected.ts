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

/** Where in the program something unexpected was thrown; without its message, which may hold anything. */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return [error.name, ...frames].join('\n')
}
