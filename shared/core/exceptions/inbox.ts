import { errorEntry, isErrorCode, type ErrorEntry } from '../../contract/errors'
import { Fault } from '../fault'
import type { FeedEvent, NewEvent } from '../feed'
import type { Clock } from '../ports'
import { keyOfText, keyText } from '../record/key'
import { maskRecord } from '../record/mask'
import type { Workflow } from '../workflow'
import { assertSound, changed, type Change } from './change'
import type { Exception, ExceptionFilter, Group } from './exception'
import type { ExceptionStore } from './store'

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

export interface By {
  who: string
}

/** What a change would be made to. */
export interface ChangePreview {
  ids: readonly number[]
  /** The first few of them. */
  first: readonly Exception[]
}

interface Save {
  exception: Exception
  event: NewEvent
}

const PAGE = 500
/** A run may change an exception between the reading and the saving of a page; then it is read again. */
const TRIES = 5
const MOST_HISTORY = 10_000
const PREVIEWED = 10

/** What people do with exceptions. */
export class Inbox {
  constructor(
    private readonly store: ExceptionStore,
    private readonly clock: Pick<Clock, 'now'>,
    /** Undefined for one that the definition no longer has. */
    private readonly workflow: (name: string) => Pick<Workflow, 'key' | 'personal'> | undefined,
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
    const history = await this.store.events({ exception: id, limit: MOST_HISTORY })
    const { code } = exception.last
    const view = { exception: this.shown(exception), history }
    if (!isErrorCode(code)) return view
    const { number, title, owner, causes, steps } = errorEntry(code)
    return { ...view, meaning: { number, title, owner, causes, steps } }
  }

  /** All pages of a filter, newest first. */
  async *all(filter: ExceptionFilter): AsyncGenerator<readonly Exception[]> {
    for await (const page of this.pages(filter)) yield page.map((exception) => this.shown(exception))
  }

  /**
   * Makes changes together, in this order: of one exception all or none.
   * @returns how many exceptions were changed
   * @throws Fault EXCEPTION_CHANGE_INVALID, EXCEPTION_UNKNOWN, EXCEPTION_STATE, EXCEPTION_CHANGED
   */
  async change(selection: Selection, changes: readonly Change[], { who }: By): Promise<number> {
    for (const change of changes) assertSound(change, this.clock.now())
    if ('ids' in selection) return this.changeNamed(selection, changes, who)
    let count = 0
    for await (const page of this.pages(selection.filter)) count += await this.changePage(page, changes, who)
    return count
  }

  /**
   * The exceptions that `change` would change; nothing is changed.
   * @throws Fault EXCEPTION_CHANGE_INVALID, EXCEPTION_UNKNOWN, EXCEPTION_STATE
   */
  async preview(selection: Selection, changes: readonly Change[], { who }: By): Promise<ChangePreview> {
    for (const change of changes) assertSound(change, this.clock.now())
    const ids: number[] = []
    const first: Exception[] = []
    const note = (exception: Exception): void => {
      ids.push(exception.id)
      if (first.length < PREVIEWED) first.push(this.shown(exception))
    }
    if ('ids' in selection)
      for (const exception of await this.named(selection)) {
        this.saves(exception, changes, who)
        note(exception)
      }
    else
      for await (const page of this.pages(selection.filter))
        page.filter((one) => this.savesOrNone(one, changes, who).length > 0).forEach(note)
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

  private async changeNamed(selection: Named, changes: readonly Change[], who: string): Promise<number> {
    const found = await this.named(selection)
    await this.store.saveExceptions(found.flatMap((one) => this.saves(one, changes, who)))
    return found.length
  }

  private async named({ ids, version }: Named): Promise<Exception[]> {
    const found: Exception[] = []
    for (const id of new Set(ids)) {
      const exception = await this.exception(id)
      found.push(version === undefined ? exception : { ...exception, version })
    }
    return found
  }

  private async changePage(
    page: readonly Exception[],
    changes: readonly Change[],
    who: string,
  ): Promise<number> {
    for (let attempt = 1, some = page; ; attempt++) {
      const saves = some.map((one) => this.savesOrNone(one, changes, who)).filter(({ length }) => length > 0)
      try {
        await this.store.saveExceptions(saves.flat())
        return saves.length
      } catch (error) {
        const moved = error instanceof Fault && error.code === 'EXCEPTION_CHANGED'
        if (!moved || attempt === TRIES) throw error
        some = await Promise.all(some.map(({ id }) => this.exception(id)))
      }
    }
  }

  private savesOrNone(exception: Exception, changes: readonly Change[], who: string): Save[] {
    try {
      return this.saves(exception, changes, who)
    } catch (error) {
      if (error instanceof Fault && error.code === 'EXCEPTION_STATE') return []
      throw error
    }
  }

  private saves(exception: Exception, changes: readonly Change[], who: string): Save[] {
    const at = this.clock.now()
    let next = exception
    return changes.map((change, i) => {
      const turn = changed(next, change, { who, at })
      next = turn.exception
      return {
        exception: { ...next, version: exception.version + i },
        event: { ...turn.event, exception: exception.id },
      }
    })
  }

  private async exception(id: number): Promise<Exception> {
    const exception = await this.store.exception(id)
    if (!exception)
      throw new Fault('EXCEPTION_UNKNOWN', `There is no exception ${String(id)} here.`, { exception: id })
    return exception
  }

  /** The store knows records by their keys; a key that is personal is masked for whoever reads. */
  private shown(exception: Exception): Exception {
    const { key = [], personal = [] } = this.workflow(exception.workflow) ?? {}
    if (exception.last.key === undefined || !key.some((field) => personal.includes(field))) return exception
    const mask = keyText(maskRecord(keyOfText(exception.last.key, key), personal), key) ?? ''
    const subject = exception.subject === exception.last.key ? mask : exception.subject
    return { ...exception, subject, last: { ...exception.last, key: mask } }
  }
}
