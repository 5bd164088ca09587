import type { Configured } from './parameters'

/** Aborted when somebody stops the execution. */
export function signalOf(node: Configured): AbortSignal {
  const signal = 'getExecutionCancelSignal' in node ? node.getExecutionCancelSignal() : undefined
  return signal ?? new AbortController().signal
}
