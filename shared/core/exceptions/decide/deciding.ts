import type { Progress } from '../../bulk-sync/request'
import { Fault } from '../../fault'
import type { Choice } from '../choice'
import type { Selection } from '../inbox'
import { Retries } from '../retries'
import type { Decision } from '../../reconciliation/store'
import { maskKey } from '../../record/key-mask'
import { decide, type Send } from './decide'
import { previewDecision, type DecisionPreview } from './preview'
import { assertSound, type Decided, type DecideRequest, type DecisionRequest } from './request'

export interface DecideOptions {
  /** Of the decision and of the run that it sends by; only where all is of one workflow. */
  id?: string
  signal: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** Decides on exceptions, over the workflows of a workspace. */
export class Deciding extends Retries {
  /**
   * What was decided on the records of a workflow and is in force, in the order it was decided; personal keys masked.
   * @returns `next` is the `after` of the next page; undefined on the last
   */
  async standing(
    name: string,
    page: { limit: number; after?: number } = { limit: Number.MAX_SAFE_INTEGER },
  ): Promise<{ decisions: readonly Decision[]; next: number | undefined }> {
    const { store, ports } = this.parts
    const { key, personal } = this.parts.workflow(name)
    const now = ports.clock.now()
    const kept = await store.reconciliations.decisionPage(name, page)
    const decisions = kept
      .filter(({ until = Infinity }) => until > now)
      .map((one) => ({ ...one, key: maskKey(one.key, key, personal) }))
    return { decisions, next: kept.length < page.limit ? undefined : kept.at(-1)?.id }
  }

  /**
   * Decides on exceptions where two systems disagree, workflow by workflow.
   * @throws Fault DECISION_NOT_POSSIBLE, EXCEPTION_UNKNOWN, EXCEPTION_CHANGE_INVALID, FIX_INVALID, FIX_PERSONAL
   */
  async decide(selection: Selection, asked: DecisionRequest, options: DecideOptions): Promise<Decided[]> {
    const { id, signal, onProgress } = options
    const decided: Decided[] = []
    for (const [name, choice] of await this.decidable(selection)) {
      const run = id ?? this.parts.ports.signer.id()
      const send: Send = async (ids) => {
        const progress = onProgress ? { onProgress } : {}
        const done = await this.retry({ ids }, { who: asked.who, id: run, signal, ...progress })
        return done.find(({ receipt }) => receipt.run === run)
      }
      decided.push(
        await this.deciding(name, asked, { run, signal }, (request) => decide(request, choice, asked, send)),
      )
    }
    return decided
  }

  /** @throws Fault EXCEPTION_CHANGE_INVALID, FIX_INVALID, FIX_PERSONAL when a decision lacks something, whatever it is for */
  assertSound(workflow: string, asked: DecisionRequest): void {
    assertSound(asked, this.parts.workflow(workflow), this.parts.ports.clock.now())
  }

  /** Tells what `decide` would do; nothing is written or kept. @throws as it does */
  async previewDecision(
    selection: Selection,
    asked: DecisionRequest,
    signal: AbortSignal,
  ): Promise<DecisionPreview[]> {
    const previews: DecisionPreview[] = []
    for (const [name, choice] of await this.decidable(selection))
      previews.push(
        await this.deciding(name, asked, { run: '', signal }, (request) =>
          previewDecision(request, choice, asked),
        ),
      )
    return previews
  }

  /** Also where none fits any more: what was interrupted may have decided on all of them. */
  private async decidable(selection: Selection): Promise<[workflow: string, choice: Choice][]> {
    const choices = await this.choicesOf(selection)
    const workflow = 'filter' in selection ? selection.filter.workflow : undefined
    if (choices.length === 0 && 'filter' in selection && workflow !== undefined)
      return [[workflow, { filter: selection.filter, upTo: 0 }]]
    if (choices.length === 0) throw new Fault('DECISION_NOT_POSSIBLE', 'No exception fits.')
    return choices
  }

  private deciding<T>(
    name: string,
    asked: DecisionRequest,
    { run, signal }: { run: string; signal: AbortSignal },
    work: (request: DecideRequest) => Promise<T>,
  ): Promise<T> {
    const { store, ports } = this.parts
    this.assertSound(name, asked)
    return this.looking(name, (opened) => work({ ...opened, store, clock: ports.clock, run, signal }))
  }
}
