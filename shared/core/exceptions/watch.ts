import type { Outcome } from '../bulk-sync/outcome'
import { Hasher } from '../record/hash'
import { keyOfText } from '../record/key'
import type { KeySet } from '../record/key-set'
import type { DataRecord } from '../record/value'
import type { Workflow } from '../workflow'
import type { Redriven } from './keyed-source'
import { hashSubject } from './lifecycle'
import type { ExceptionStore, Settled } from './store'

/** The exceptions of a workflow that a run may settle: it is told of every record that passes. */
export class Watch {
  private readonly keys = new Set<string>()
  private readonly hashes = new Set<string>()
  private readonly hasher = new Hasher()

  /** Undefined where there is nothing to watch for, so that a run without exceptions pays nothing for each record. */
  static async open(
    inbox: ExceptionStore,
    { name, key }: Workflow,
    run: string,
    redriven?: (source: DataRecord) => Redriven | undefined,
  ): Promise<Watch | undefined> {
    const subjects = await inbox.subjects(name)
    return subjects.length === 0 ? undefined : new Watch(subjects, key, run, redriven)
  }

  private constructor(
    subjects: readonly string[],
    private readonly key: readonly string[],
    private readonly run: string,
    private readonly redriven: ((source: DataRecord) => Redriven | undefined) | undefined,
  ) {
    for (const subject of subjects) {
      if (subject.startsWith('#')) this.hashes.add(subject)
      else this.keys.add(subject)
    }
  }

  /**
   * What is settled by a record that the target now has, or has no longer.
   * @param key its `keyText`
   * @param source as it was read
   * @param assumed nobody asked the target: it was given the same before
   */
  passed(key: string, source: DataRecord, outcome: Outcome, assumed = false): Settled[] {
    const redriven = this.redriven?.(source)
    const subjects = new Set(this.keys.has(key) ? [key] : [])
    // a fix may have given it the key that it lacked
    if (redriven) subjects.add(redriven.subject)
    if (this.hashes.size > 0) {
      const subject = hashSubject(this.hasher.record(source).hex())
      if (this.hashes.has(subject)) subjects.add(subject)
    }
    const evidence = `${WHAT[outcome] ?? outcome} (run ${this.run})`
    // a retry asks the target before it sends anything
    const agrees = redriven !== undefined && outcome === 'unchanged'
    const how = agrees ? 'agrees' : redriven ? 'retried' : 'moved'
    const untold = assumed && !agrees ? { assumed } : {}
    return Array.from(subjects, (subject) => ({ subject, how, evidence, ...untold }))
  }

  /**
   * What is no longer in a source that was read to its end.
   * @param seen the keys that were in it; undefined when some of them are not known
   */
  gone(seen: Pick<KeySet, 'has'> | undefined): Settled[] {
    const evidence = `run ${this.run} read the whole source, and it was not there`
    const keys = [...this.keys].filter(
      (subject) =>
        seen !== undefined &&
        this.hasher.key(keyOfText(subject, this.key), this.key) &&
        !seen.has(this.hasher.a, this.hasher.b),
    )
    return [...keys, ...this.hashes].map((subject) => ({ subject, how: 'gone', evidence }))
  }
}

const WHAT: Partial<Record<Outcome, string>> = {
  created: 'the target took it as new',
  updated: 'the target took it',
  unchanged: 'the target holds it as the source has it',
  deleted: 'it was deleted from the target',
  skipped: 'the target has it already',
}
