import { Fault } from '../fault'
import { Hasher } from '../record/hash'
import type { DataRecord } from '../record/value'
import type { Change } from './change'
import { Deciding } from './decide/deciding'
import type { Exception, FieldChange } from './exception'
import { explainGroup, type GroupExplanation } from './explain/group'
import { inSourceNames, type AsRead, type Edits } from './fix'
import { fourWay, type FourWay } from './four-way'
import type { Selection } from './inbox'
import { mappingRules, type NewRule } from './mapping-rule'
import { readAgain, type ReadAgainRequest } from './read-again'
import { changesFor, type Fixed, type FixPreview, fixOf, groupFix, openOfGroup, previewFix } from './remedy'
import { sealedChanges, shownChanges } from './sealed'

/** What people do about exceptions that reaches out to the systems: explain, fix, send again, compare, decide. */
export class Remedies extends Deciding {
  /** @throws Fault EXCEPTION_UNKNOWN */
  async explain(group: string, signal: AbortSignal): Promise<GroupExplanation> {
    const exception = await this.oneOf(group)
    return this.looking(exception.workflow, (opened) =>
      explainGroup({ ...opened, store: this.parts.store, signal }, group),
    )
  }

  /**
   * Tries an edit of one exception on all open ones of its group; nothing is written or kept.
   * @throws Fault FIX_INVALID, FIX_PERSONAL, EXCEPTION_UNKNOWN
   */
  async preview(id: number, edits: Edits, signal: AbortSignal): Promise<FixPreview> {
    const { store } = this.parts
    const one = await this.exception(id)
    return this.looking(one.workflow, async (opened) => {
      const record = await recordOf({ ...opened, signal }, one)
      const changes = changesFor(one, record, edits, opened.workflow, asRead(one, record))
      const group: Exception[] = []
      // of a personal field nobody can tell whether another one holds the same
      if (changes.some(({ guard }) => guard !== undefined)) group.push(one)
      else for await (const page of openOfGroup(store, one.fingerprint)) group.push(...page)
      return previewFix({ ...opened, store, signal }, group.length > 0 ? group : [one], changes)
    })
  }

  /**
   * Keeps an edit on one exception, or on all open ones of its group that it fits. It goes out with their next retry.
   * @throws Fault FIX_INVALID, FIX_PERSONAL, EXCEPTION_UNKNOWN
   */
  async fix(
    id: number,
    edits: Edits,
    { group, who, signal }: { group: boolean; who: string; signal: AbortSignal },
  ): Promise<Fixed> {
    const one = await this.exception(id)
    const changes = await this.changes(one, edits, signal)
    const { fingerprint } = one
    const selection: Selection = group ? { filter: { fingerprint, state: 'open' } } : { ids: [id] }
    const change = group ? groupFix(one, changes) : fixOf(new Map([[id, this.sealed(one, changes)]]))
    const exceptions = await this.parts.inbox.change(selection, [change], { who })
    return { changes: shownChanges(changes), exceptions, group: fingerprint }
  }

  /**
   * An edit of exceptions, of each by its own record, for the inbox to make together with other changes.
   * @throws Fault FIX_INVALID, FIX_PERSONAL, EXCEPTION_UNKNOWN
   */
  async fixOf(ids: readonly number[], edits: Edits, signal: AbortSignal): Promise<Change> {
    const byId = new Map<number, FieldChange[]>()
    for (const id of ids) {
      const one = await this.exception(id)
      byId.set(id, this.sealed(one, await this.changes(one, edits, signal)))
    }
    return fixOf(byId)
  }

  /** The same of one exception, for all of its group that it fits. */
  async groupFixOf(id: number, edits: Edits, signal: AbortSignal): Promise<Change> {
    const one = await this.exception(id)
    return groupFix(one, await this.changes(one, edits, signal))
  }

  /**
   * The edit of an exception as rules for the mapping of its workflow.
   * @throws Fault FIX_NOT_SAVEABLE, FIX_INVALID, FIX_PERSONAL, EXCEPTION_UNKNOWN
   */
  async mappingRules(
    id: number,
    edits: Edits,
    signal: AbortSignal,
  ): Promise<{ workflow: string; rules: NewRule[] }> {
    const one = await this.exception(id)
    const workflow = this.parts.workflow(one.workflow)
    const changes = await this.changes(one, edits, signal)
    return { workflow: workflow.name, rules: mappingRules(changes, workflow.map) }
  }

  /** @throws Fault EXCEPTION_UNKNOWN, EXCEPTION_EXPIRED */
  async compare(id: number, options: { signal: AbortSignal; reveal?: { who: string } }): Promise<FourWay> {
    const { store, ports } = this.parts
    const { signal, reveal } = options
    const one = await this.exception(id)
    if (one.state === 'expired')
      throw new Fault('EXCEPTION_EXPIRED', `The record of exception ${String(id)} is no longer kept.`, {
        exception: id,
      })
    return this.looking(one.workflow, async (opened) => {
      const view = await fourWay({ ...opened, store, signal }, one, reveal !== undefined)
      if (reveal) {
        const facts: DataRecord = { fields: [...opened.workflow.personal] }
        const { id: exception, workflow } = one
        await store.inbox.addEvent({
          at: ports.clock.now(),
          type: 'exception.revealed',
          workflow,
          exception,
          who: reveal.who,
          facts,
        })
      }
      return view
    })
  }

  private sealed({ id: exception, workflow }: Exception, changes: readonly FieldChange[]): FieldChange[] {
    return sealedChanges(changes, { workflow, exception, sealer: this.parts.ports.sealer })
  }

  private async changes(one: Exception, edits: Edits, signal: AbortSignal): Promise<FieldChange[]> {
    const workflow = this.parts.workflow(one.workflow)
    if (one.last.stage !== 'reconcile')
      return changesFor(one, one.last.record, edits, workflow, asRead(one, one.last.record))
    return this.looking(one.workflow, async (opened) => {
      const record = await recordOf({ ...opened, signal }, one)
      const named = inSourceNames(edits, record, workflow.map)
      return changesFor(one, record, named, workflow, asRead(one, record))
    })
  }

  private async oneOf(group: string): Promise<Exception> {
    const [one] = await this.parts.store.inbox.exceptions({ fingerprint: group }, { limit: 1 })
    if (!one) throw new Fault('EXCEPTION_UNKNOWN', `There is no group ${group} here.`, { group })
    return one
  }
}

/** @param record that an edit is made on: that of a break is read from the source, any other was kept masked */
function asRead({ last }: Exception, record: DataRecord): AsRead {
  return last.stage === 'reconcile'
    ? { hash: new Hasher().record(record).hex(), masked: false }
    : { hash: last.hash, masked: true }
}

/** The record that an edit is made on. */
async function recordOf(request: ReadAgainRequest, one: Exception): Promise<DataRecord> {
  if (one.last.stage !== 'reconcile') return one.last.record
  const found = await readAgain(request, one)
  if (found) return found.record
  throw new Fault(
    'DECISION_NOT_POSSIBLE',
    `Exception ${String(one.id)}: the source does not have the record.`,
    {
      exception: one.id,
    },
  )
}
