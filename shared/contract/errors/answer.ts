import { errorEntry, type ErrorCode, type ErrorEntry } from '.'

/** How the gateway answers a code of the catalogue. */

const BY_CATEGORY: Readonly<Record<ErrorEntry['category'], number>> = {
  network: 502,
  auth: 502,
  data: 422,
  limit: 503,
  state: 409,
  config: 500,
  ours: 500,
}

export function statusOf(code: ErrorCode): number {
  const { status, category } = errorEntry(code)
  return status ?? BY_CATEGORY[category]
}

/** Whether the same request can succeed later; clients decide by it. */
export type Retryable = 'no' | 'same-request' | 'after-change' | 'after-delay'

export function retryableOf({ then, category }: ErrorEntry): Retryable {
  if (then === 'wait') return 'after-delay'
  if (then === 'verify') return 'same-request'
  return category === 'ours' ? 'same-request' : 'after-change'
}
