import type { Altered } from '../connector'
import { parseJson } from '../format/json'
import { Hasher } from '../record/hash'
import { Lanes } from '../record/lanes'
import { isObject, type DataRecord } from '../record/value'
import type { Change, PackedChanges } from '../store'
import { commonForm } from './forms'
import type { PendingWrite } from './pending'
import { TextLog } from './text-log'

type Operation = Change['operation']

/**
 * What a segment changed, in columns: a first load of a million records is a million creations of one shape, of which
 * little more than the keys is kept.
 */
export class ChangeLog {
  private readonly groups: Group[] = []
  private last: Group | undefined

  /** @param altered what the target holds otherwise than it was sent */
  add(
    write: PendingWrite,
    operation: Operation,
    before: DataRecord | undefined,
    altered: Altered | undefined,
  ): void {
    const { fields } = write
    const { last } = this
    const group =
      last?.operation === operation && last.fields === fields ? last : this.group(operation, fields)
    group.add(write, before, altered)
  }

  get packed(): PackedChanges[] {
    return this.groups.map((group) => group.packed())
  }

  private group(operation: Operation, fields: readonly string[]): Group {
    const found = this.groups.find((group) => group.operation === operation && group.fields === fields)
    this.last = found ?? new Group(operation, fields)
    if (!found) this.groups.push(this.last)
    return this.last
  }
}

/** Changes of one operation and one shape. */
class Group {
  private readonly keys = new TextLog()
  private before = ''
  private readonly hashes = new Lanes()
  private readonly hasher = new Hasher()

  constructor(
    readonly operation: Operation,
    readonly fields: readonly string[],
  ) {}

  add(write: PendingWrite, before: DataRecord | undefined, altered: Altered | undefined): void {
    write.keyInto(this.keys)
    if (this.operation !== 'created') this.before += (before ? JSON.stringify(before) : '') + '\n'
    const { record } = write
    const form = commonForm(altered ? { ...record, ...altered } : record)
    if (form === record) this.hashes.pair(write.payloadA, write.payloadB)
    else {
      const { a, b } = this.hasher.record(form)
      this.hashes.pair(a, b)
    }
  }

  packed(): PackedChanges {
    const { operation, fields, keys, before } = this
    return { operation, fields, keys: keys.text, hashes: this.hashes.packed, before }
  }
}

/** Newest first. */
export function unpackChanges({ operation, fields, keys, hashes, before }: PackedChanges): Change[] {
  const texts = before.split('\n')
  return keys
    .split('\n')
    .slice(0, -1)
    .map((key, i) => {
      const change: Change = { key, operation, hash: [hashes[i * 2] ?? 0, hashes[i * 2 + 1] ?? 0], fields }
      const was = recordOf(texts[i] ?? '')
      if (was) change.before = was
      return change
    })
    .reverse()
}

function recordOf(text: string): DataRecord | undefined {
  const value = text === '' ? undefined : parseJson(text)
  return isObject(value) ? { ...value } : undefined
}
