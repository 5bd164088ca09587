import type { RecordHash } from '../record/checksum'
import { Lanes } from '../record/lanes'
import type { Known, PackedKnown } from '../store'
import { TextLog } from './text-log'

interface Keyed extends Pick<RecordHash, 'keyA' | 'keyB'> {
  keyInto(log: TextLog): void
}

/** The last lanes of such an entry. */
const MAYBE = [0, 2] as const

/** Of what a segment did that is not saved: the records that the target may hold and nothing is known of. */
export function maybeHeld({ keys, entries }: PackedKnown, known: Known): PackedKnown {
  const texts = keys.split('\n')
  const lanes = new Lanes()
  let left = ''
  for (const [i, keyText] of texts.slice(0, -1).entries()) {
    const [keyA = 0, keyB = 0, , held = 0] = entries.subarray(4 * i, 4 * i + 4)
    if (held === 0 || known.hash({ keyA, keyB, keyText }) !== undefined) continue
    lanes.pair(keyA, keyB)
    lanes.pair(...MAYBE)
    left += `${keyText}\n`
  }
  return { keys: left, entries: lanes.packed }
}

/** What a segment did to what is known of a target that cannot compare. */
export class KnownLog {
  private readonly keys = new TextLog()
  private readonly entries = new Lanes()

  /** The target holds just this. */
  given(write: Keyed & RecordHash): void {
    this.add(write, write.payloadA, write.payloadB | 1)
  }

  /** The target holds the record, nobody knows with which values: it has to be sent again. */
  again(write: Keyed): void {
    this.add(write, 0, 1)
  }

  /** The target may hold it: what became of it nobody knows, or a run does it again. */
  maybe(write: Keyed): void {
    this.add(write, ...MAYBE)
  }

  gone(write: Keyed): void {
    this.add(write, 0, 0)
  }

  get packed(): PackedKnown {
    return { keys: this.keys.text, entries: this.entries.packed }
  }

  private add(write: Keyed, a: number, b: number): void {
    write.keyInto(this.keys)
    this.entries.pair(write.keyA, write.keyB)
    this.entries.pair(a, b)
  }
}
