import type { RecordHash } from '../record/checksum'
import { Lanes } from '../record/lanes'
import type { PackedKnown } from '../store'
import { TextLog } from './text-log'

interface Keyed extends Pick<RecordHash, 'keyA' | 'keyB'> {
  keyInto(log: TextLog): void
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
