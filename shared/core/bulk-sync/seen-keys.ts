import type { RecordHash } from '../record/checksum'
import type { KeyIndex } from '../record/key-index'
import { KeySet, type Seen } from '../record/key-set'
import type { SyncRequest } from './request'
import { SEEN_LANES } from './segment'

/** Marks of what the target was last given: its key came just so, or with other values. */
const SAME = 1
const OTHER = 2

/**
 * The keys that a run has seen. One whose record is what the target was last given is only marked there: in a night in
 * which little changed, hardly any key takes room or time a second time.
 */
export class SeenKeys {
  private readonly marks: Uint8Array

  /** With what earlier attempts of the run saw up to its checkpoint. */
  static async open(
    { store, ports }: SyncRequest,
    run: string,
    memory: KeyIndex | undefined,
  ): Promise<SeenKeys> {
    const keys = new KeySet(ports.spill)
    for await (const hashes of store.seen(run)) {
      for (let i = 0; i < hashes.length; i += SEEN_LANES)
        keys.add(hashes[i] ?? 0, hashes[i + 1] ?? 0, hashes[i + 2] ?? 0)
    }
    return new SeenKeys(keys, memory)
  }

  constructor(
    private readonly others: KeySet,
    /** What the target was last given, where it compares by itself: that need not be sent to be compared. */
    private readonly memory?: KeyIndex,
  ) {
    this.marks = new Uint8Array(memory?.places ?? 0)
  }

  /** @returns as `KeySet.add`; `recalled` when the key is new and the target was last given just this */
  add({ keyA, keyB, payloadA, payloadB }: RecordHash): Seen | 'recalled' {
    const { memory, marks } = this
    const place = memory?.placeOf(keyA, keyB) ?? -1
    if (memory === undefined || place < 0) return this.others.add(keyA, keyB, payloadA)
    const same = memory.holdsAt(place, payloadA, payloadB)
    if (marks[place] === SAME) return same ? 'same' : 'other'
    if (marks[place] !== OTHER && same) {
      marks[place] = SAME
      return 'recalled'
    }
    marks[place] = OTHER
    return this.others.add(keyA, keyB, payloadA)
  }

  has(keyA: number, keyB: number): boolean {
    const place = this.memory?.placeOf(keyA, keyB) ?? -1
    return (place >= 0 && this.marks[place] === SAME) || this.others.has(keyA, keyB)
  }

  drop(): void {
    this.others.drop()
  }
}
