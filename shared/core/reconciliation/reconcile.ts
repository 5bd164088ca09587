import { asFault } from '../bulk-sync/writer'
import { Fault, noteFault } from '../fault'
import { carryAges } from './ages'
import type { BreakLog } from './break'
import { explainBreaks } from './causes'
import { choosePass } from './choose-pass'
import { Comparison } from './comparison'
import { contentHash } from './content-hash'
import { cutOffAt, isInFlight } from './cut-off'
import { Decisions } from './decisions'
import { draftOf, nameOf, otherKeyNotes, uncountedNotes, type Content } from './draft'
import { Findings } from './findings'
import type { FirstPassResult, FirstPass, ReadSide } from './first-pass'
import { maskBreakKey, maskBreaks, maskTotals } from './mask-breaks'
import { Matching } from './matching'
import { offsettingErrors } from './offsetting'
import { Pace } from './pace'
import { PacedLog } from './paced-log'
import type { Cause, Reconciliation } from './reconciliation'
import type { ReconcileProgress, ReconcileRequest } from './request'
import { canLookAgain, lookAgain } from './second-look'
import { groupTies, Summary } from './summary'

/**
 * Compares both sides of a workflow once: breaks go to the log, and what they come to is the result. A side that cannot be
 * read, or that does not prove that it was read whole, makes a result with the status `failed` and its fault.
 */
export async function reconcile(request: ReconcileRequest): Promise<Reconciliation> {
  return new Reconciling(request).run()
}

class Reconciling {
  private readonly started: number
  private readonly clockStart: number
  private readonly comparison: Comparison
  private readonly findings: Findings
  private readonly pace: Pace
  private readonly breaks: BreakLog
  private readonly notes: string[] = []
  private readonly progress: ReconcileProgress
  private pass: FirstPass | undefined
  private oldest: number | undefined

  constructor(private readonly request: ReconcileRequest) {
    const { workflow, source, target, ports, signal } = request
    const { reconcile } = workflow
    this.started = ports.clock.now()
    this.clockStart = ports.clock.elapsed()
    this.comparison = new Comparison(workflow, !source.source.typed || !target.source.typed)
    this.pace = new Pace(ports.clock, signal)
    this.breaks = new PacedLog(request.breaks, this.pace)
    const decisions = new Decisions(request.decisions ?? [], this.started)
    const cutOff = cutOffAt(reconcile, this.started)
    this.findings = new Findings(reconcile, workflow.key, this.breaks, (one) => {
      if (isInFlight([one.source, one.target], reconcile, cutOff)) return 'pending'
      return decisions.accept(one) ? 'accepted' : 'open'
    })
    this.progress = { run: request.id, phase: 'reading', read: 0, breaks: 0, elapsedMs: 0 }
  }

  async run(): Promise<Reconciliation> {
    let content: Content
    try {
      const result = await this.match()
      await this.lookAgain()
      content = await this.conclude(result)
    } catch (error) {
      content = { ...this.draft(), fault: noteFault(asFault(error)) }
    }
    const { breaks, request } = this
    const { ports, workflow } = request
    await this.pace.turn()
    await maskBreaks(breaks, workflow)
    const hash = await contentHash(content, breaks.read(), ports.signer, () => this.pace.turn())
    return { ...content, contentHash: hash }
  }

  private async match(): Promise<FirstPassResult> {
    const { workflow, source, target, ports, signal } = this.request
    const pass = await (this.request.firstPass ?? choosePass)({
      workflow,
      source,
      target,
      comparison: this.comparison,
      ports,
      signal,
      onRead: (read) => {
        this.progress.read = read
        this.tell('reading')
      },
    })
    this.pass = pass
    const matching = new Matching(workflow, this.comparison, this.findings, ports.spill, this.pace)
    try {
      for await (const groups of pass.unequal()) await matching.first(groups)
      assertWhole('source', source.connection, pass.source)
      assertWhole('target', target.connection, pass.target)
      this.tell('matching')
      await matching.others()
    } finally {
      matching.drop()
    }
    const result = pass.result()
    this.findings.agree(result.agreed)
    return result
  }

  private async lookAgain(): Promise<void> {
    const { breaks } = this
    const { workflow, source, target, ports, signal } = this.request
    const { secondLookMs } = workflow.reconcile
    if (secondLookMs === undefined || (await breaks.count()) === 0) return
    const look = { source, target, key: workflow.key, comparison: this.comparison }
    if (!canLookAgain(look)) {
      this.notes.push('No second look: not both sides can be asked for single records by the key.')
      return
    }
    this.tell('second look')
    await ports.clock.sleep(secondLookMs, signal)
    const gone = await lookAgain(breaks, look, () => this.pace.step())
    if (gone > 0)
      this.notes.push(
        `${gone} ${gone === 1 ? 'break was' : 'breaks were'} gone on a second look and count as pending.`,
      )
  }

  private async conclude(result: FirstPassResult): Promise<Content> {
    const { workflow, ages } = this.request
    const settings = workflow.reconcile
    this.tell('explaining')
    if (ages) this.oldest = await carryAges(this.breaks, ages)
    const summary = new Summary(settings)
    const causes = await this.causes(summary)
    await this.pace.turn()
    const measures = summary.measures(result.totals, this.findings.toleratedEffect)
    await this.pace.turn()
    const totals = groupTies(result.totals, summary)
    await this.pace.turn()
    const off = measures.filter(({ tiesOut }) => !tiesOut)
    const { states } = summary
    this.notes.push(...uncountedNotes(measures, result), ...otherKeyNotes(this.findings.underOtherKey))
    if (states.open === 0)
      for (const { measure, difference } of off)
        this.notes.push(
          `${measure} is off by ${difference}, which is more than the settings allow for the total.`,
        )
    const draft = this.draft()
    return {
      ...draft,
      status: states.open === 0 && off.length === 0 ? 'ties-out' : 'breaks',
      source: { ...nameOf(this.request, 'source'), ...result.source },
      target: { ...nameOf(this.request, 'target'), ...result.target },
      compared: {
        pairs: this.findings.pairs,
        agreed: this.findings.agreed,
        tolerated: this.findings.tolerated,
      },
      breaks: { ...states, byKind: summary.byKind, byField: summary.byField() },
      ...maskTotals({ measures, totals }, workflow),
      causes,
      offsetting: offsettingErrors(totals, settings, summary),
      method: result.method,
      notes: [...draft.notes, ...this.notes],
      ...this.age(states.open),
    }
  }

  private causes(summary: Summary): Promise<Cause[]> {
    const { workflow } = this.request
    const key = workflow.reconcile.match[0]?.on.map(({ field }) => field) ?? []
    const newest = { source: this.pass?.source.newest, target: this.pass?.target.newest }
    const context = { settings: workflow.reconcile, key, fields: this.comparison.fields, newest }
    return explainBreaks(this.breaks, context, {
      turn: () => this.pace.turn(),
      each: (one) => {
        summary.add(one)
      },
      nameOf: ({ key: text, source, target }) => maskBreakKey(text, source ?? target, workflow),
    })
  }

  private age(open: number): { oldest?: string } {
    if (open === 0) return {}
    return { oldest: new Date(this.oldest ?? this.started).toISOString() }
  }

  private draft(): Content {
    const { fields } = this.comparison
    const ended = this.request.ports.clock.now()
    return draftOf(this.request, { started: this.started, ended, fields, pass: this.pass })
  }

  private tell(phase: ReconcileProgress['phase']): void {
    const { ports, onProgress } = this.request
    this.progress.phase = phase
    this.progress.breaks = this.findings.breaks
    this.progress.elapsedMs = ports.clock.elapsed() - this.clockStart
    onProgress?.({ ...this.progress })
  }
}

/** Records that were not listed would look as if the other side had them alone. */
function assertWhole(name: string, connection: string, { end }: ReadSide): void {
  if (end?.complete === true) return
  const why = end?.evidence ?? 'it ended without saying so'
  throw new Fault('SIDE_INCOMPLETE', `The ${name} (${connection}) was not proven to be read whole: ${why}.`, {
    side: name,
    connection,
  })
}
