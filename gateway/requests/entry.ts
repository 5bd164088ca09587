import type { ErrorCode } from '../../shared/contract/errors'
import type { OperationId } from '../../shared/contract/operations'

/** What came and what became of it. Never what was in it. */
export interface LoggedRequest {
  id: string
  /** Milliseconds since 1970. */
  at: number
  client: string
  tenant: string
  /** The visible part of the credential. */
  key: string
  operation: OperationId
  method: string
  /** As `shownPath` makes it. */
  path: string
  status: number
  /** Of the problem. */
  code?: ErrorCode
  milliseconds: number
  /** Of its body, packed as it came. */
  bytesIn: number
  /** Of the answer with its headers. */
  bytesOut: number
  /** Whether the client took the whole answer. */
  complete: boolean
  /** In hex: clients may put anything into a key. */
  idempotencyKeySha256?: string
  run?: string
}
