import type { NewEvent } from '../feed'
import type { Exception } from './exception'

/** What becomes of an exception, and what tells it; no event where nothing happened that somebody has to know. */
export interface Turn<E = Exception> {
  exception: E
  event?: Omit<NewEvent, 'exception'>
}
