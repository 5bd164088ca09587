import { errorEntry, isErrorCode, type ErrorEntry } from '../../contract/errors'
import { Fault } from '../fault'
import type { FeedEvent } from '../feed'
import type { Keep } from '../keep'
import type { Clock } from '../ports'
import { maskBreakKey } from '../reconciliation/mask-breaks'
import { maskKey } from '../record/key-mask'
import type { Workflow } from '../workflow'
import { assertSound, turnsOf, type Change } from './change'
import type { Exception, ExceptionFilter, Group } from './exception'
import { shownChanges } from './sealed'
import { MOST_HISTORY, type ExceptionStore, type Told, type Turns } from './store'
import { exceptionUnknown } from './unknown'

/** One exception with everything that a person needs to decide on it. */
export interface ExceptionView {
  exception: Exception
  /** What its code means, likely causes, and steps with who does them; absent for a code of the target's own. */
  meaning?: Pick<ErrorEntry, 'number' | 'title' | 'owner' | 'causes' | 'steps'>
  /** Every change and who made it, oldest first. */
  history: FeedEvent[]
}

interface Named {
  ids: readonly number[]
  /** Only with one id: the change is refused when somebody made another since it was read. */
  version?: number
}

/** Which exceptions a change is for. */
export type Selection =
  | Named
  /** Those that the change does not apply to in their state are left out. */
  | { filter: ExceptionFilter }

export interface By<Done = never> {
  who: string
  keep?: Keep<Done> | undefined
}

/** What a change would be made to. */
export interface ChangePreview {
  ids: readonly number[]
  /** The first few of them. */
  first: readonly Exception[]
}

const PAGE = 500
const PREVIEWED = 10

/** What people do with exceptions. */
export class Inbox {
  constructor(
    private readonly store: ExceptionStore,
    private readonly clock: Pick<Clock, 'now'>,
    /** Undefined for one that the definition no longer has. */
    private readonly workflow: (name: string) => Pick<Workflow, 'key' | 'personal' | 'reconcile'> | undefined,
  ) {}

  /** Newest first; `before` is the id of the last one seen. */
  async list(filter: ExceptionFilter, page: { limit: number; before?: number }): Promise<Exception[]> {
    const found = await this.store.exceptions(filter, page)
    return found.map((exception) => this.shown(exception))
  }

  count(filter: ExceptionFilter): Promise<number> {
    return this.store.countExceptions(filter)
  }

  /** Most exceptions first. */
  groups(filter: ExceptionFilter): Promise<Group[]> {
    return this.store.groups(filter, this.clock.now())
  }

  /** What is past its due date now. */
  overdue(filter: ExceptionFilter): ExceptionFilter {
    return { ...filter, overdueAt: this.clock.now() }
  }

  /** @throws Fault EXCEPTION_UNKNOWN */
  async show(id: number): Promise<ExceptionView> {
    const exception = await this.exception(id)
    return this.view({ exception, history: await this.store.events({ exception: id, limit: MOST_HISTORY }) })
  }

  /** All pages of a filter, newest first. */
  async *all(filter: ExceptionFilter): AsyncGenerator<readonly Exception[]> {
    for await (const page of this.pages(filter)) yield page.map((exception) => this.shown(exception))
  }

  /**
   * Makes changes together, in this order, in one transaction: of one exception all or none.
   * @returns how many exceptions were changed
   * @throws Fault EXCEPTION_CHANGE_INVALID, EXCEPTION_UNKNOWN, EXCEPTION_STATE, EXCEPTION_CHANGED, FIX_INVALID
   */
  async change(selection: Selection, changes: readonly Change[], by: By<number>): Promise<number> {
    return this.store.changeExceptions(selection, this.turns(selection, changes, by), by.keep)
  }

  /** The same of one. @returns it as it is then */
  async changeOne(
    { id, version }: { id: number; version?: number },
    changes: readonly Change[],
    { who, keep }: By<ExceptionView>,
  ): Promise<ExceptionView> {
    const turns = this.turns({ ids: [id], ...(version === undefined ? {} : { version }) }, changes, { who })
    const told = await this.store.changeException(
      id,
      turns,
      keep && { ...keep, text: (one) => keep.text(this.view(one)) },
    )
    return this.view(told)
  }

  /**
   * The exceptions that `change` would change; nothing is changed.
   * @throws Fault EXCEPTION_CHANGE_INVALID, EXCEPTION_UNKNOWN, EXCEPTION_STATE
   */
  async preview(selection: Selection, changes: readonly Change[], by: By): Promise<ChangePreview> {
    const turns = this.turns(selection, changes, by)
    const ids: number[] = []
    const first: Exception[] = []
    const pages = 'ids' in selection ? [await this.named(selection)] : this.pages(selection.filter)
    for await (const page of pages)
      for (const exception of page.filter((one) => turns(one).length > 0)) {
        ids.push(exception.id)
        if (first.length < PREVIEWED) first.push(this.shown(exception))
      }
    return { ids, first }
  }

  private async *pages(filter: ExceptionFilter): AsyncGenerator<readonly Exception[]> {
    for (let page: { limit: number; before?: number } = { limit: PAGE }; ;) {
      const found = await this.store.exceptions(filter, page)
      const last = found.at(-1)
      if (!last) return
      yield found
      page = { ...page, before: last.id }
    }
  }

  private async named({ ids }: Named): Promise<Exception[]> {
    const found: Exception[] = []
    for (const id of new Set(ids)) found.push(await this.exception(id))
    return found
  }

  /** Those that a filter finds and a change does not apply to are left out. */
  private turns(selection: Selection, changes: readonly Change[], { who }: By): Turns {
    const at = this.clock.now()
    for (const change of changes) assertSound(change, at)
    const turns: Turns = (exception) => turnsOf(exception, changes, { who, at })
    if ('filter' in selection) return whereItApplies(turns)
    return (exception) => {
      assertVersion(exception, selection.version)
      return turns(exception)
    }
  }

  private async exception(id: number): Promise<Exception> {
    const exception = await this.store.exception(id)
    if (!exception) throw exceptionUnknown(id)
    return exception
  }

  private view({ exception, history }: Told): ExceptionView {
    const { code } = exception.last
    const view = { exception: this.shown(exception), history }
    if (!isErrorCode(code)) return view
    const { number, title, owner, causes, steps } = errorEntry(code)
    return { ...view, meaning: { number, title, owner, causes, steps } }
  }

  /** The store knows records by their keys; a key that is personal is masked for whoever reads. */
  private shown(kept: Exception): Exception {
    const { fix } = kept
    const exception = fix ? { ...kept, fix: { ...fix, changes: shownChanges(fix.changes) } } : kept
    const workflow = this.workflow(exception.workflow)
    const { stage, key, sent, target } = exception.last
    if (!workflow || key === undefined) return exception
    const mask =
      stage === 'reconcile'
        ? maskBreakKey(key, sent ?? target, workflow)
        : maskKey(key, workflow.key, workflow.personal)
    const subject = exception.subject === key ? mask : exception.subject
    return { ...exception, subject, last: { ...exception.last, key: mask } }
  }
}

function whereItApplies(turns: Turns): Turns {
  return (exception) => {
    try {
      return turns(exception)
    } catch (error) {
      if (error instanceof Fault && (error.code === 'EXCEPTION_STATE' || error.code === 'FIX_INVALID'))
        return []
      throw error
    }
  }
}

function assertVersion({ id, version }: Exception, read = version): void {
  if (version === read) return
  throw new Fault(
    'EXCEPTION_CHANGED',
    `Exception ${String(id)} was changed since it was read; read it again and decide anew.`,
    { exception: id, version: read },
  )
}
