import type { IExecuteFunctions } from 'n8n-workflow'

/** Aborted when somebody stops the execution. */
export function signalOf(node: IExecuteFunctions): AbortSignal {
  return node.getExecutionCancelSignal() ?? new AbortController().signal
}
