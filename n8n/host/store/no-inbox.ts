import type { ExceptionStore } from '../../../shared/core/exceptions/store'
import { exceptionUnknown } from '../../../shared/core/exceptions/unknown'

const nothing = (): Promise<void> => Promise.resolve()
const none = (): Promise<never[]> => Promise.resolve([])
const zero = (): Promise<number> => Promise.resolve(0)

/** Exceptions that outlive the execution live on a gateway; here they leave the node as items. */
export const noInbox: ExceptionStore = {
  failures: none,
  raise: nothing,
  settle: nothing,
  subjects: none,
  exception: () => Promise.resolve(undefined),
  exceptions: none,
  countExceptions: zero,
  groups: none,
  changeExceptions: zero,
  changeException: (id) => Promise.reject(exceptionUnknown(id)),
  expireExceptions: zero,
  addEvent: nothing,
  lastEvent: zero,
  lastEventBefore: zero,
  countEvents: zero,
  events: none,
}
