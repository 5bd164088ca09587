/**
 * One entry of the error catalogue. The code is its key in the catalogue: stable, UPPER_SNAKE, never reused.
 * Every entry has at least one step, an owner and a way to verify; a test holds that.
 */
export interface ErrorEntry {
  /** Short number for phone, e-mail and legacy logs. */
  number: number
  /** Constant per code; what differs per occurrence stands in the fault's detail and evidence. */
  title: string
  /** HTTP status where the gateway answers with it; without one, that of its category. */
  status?: number
  category: 'network' | 'auth' | 'data' | 'limit' | 'state' | 'config' | 'ours'
  /** Who can fix it. */
  owner: 'you' | 'your-network-team' | 'other-system' | 'us'
  /**
   * What a run does when it meets it.
   * - `reject`: this record becomes an exception, the run goes on.
   * - `bisect`: the batch was refused for its content; find the records at fault.
   * - `wait`: an outage; wait and try again, never blame records.
   * - `verify`: the request may have had its effect; read back, then repeat with the same key.
   * - `stop`: going on is pointless; the run ends and says why.
   */
  then: 'reject' | 'bisect' | 'wait' | 'verify' | 'stop'
  causes: readonly { cause: string; check: string }[]
  steps: readonly { who: 'you' | 'your-network-team' | 'other-system' | 'us'; do: string; verify: string }[]
}

/**
 * Keeps the codes of a category in its type and not the words of its entries: as literals they would be a type of
 * several gigabytes.
 */
export function describe<Code extends string>(
  entries: Readonly<Record<Code, ErrorEntry>>,
): Readonly<Record<Code, ErrorEntry>> {
  return entries
}
