import { asFault } from '../bulk-sync/writer'
import { Fault, reportFault } from '../fault'
import { carryAges } from './ages'
import { explainBreaks } from './causes'
import { choosePass } from './choose-pass'
import { Comparison } from './comparison'
import { contentHash } from './content-hash'
import { cutOffAt, isInFlight } from './cut-off'
import { Decisions } from './decisions'
import { Findings } from './findings'
import type { FirstPassResult, FirstPass, ReadSide } from './first-pass'
import { maskBreaks } from './mask-breaks'
import { Matching } from './matching'
import { offsettingErrors } from './offsetting'
import { Pace } from './pace'
import type { Cause, Reconciliation } from './reconciliation'
import type { ReconcileProgress, ReconcileRequest } from './request'
import { canLookAgain, lookAgain } from './second-look'
import { groupTies, Summary } from './summary'
import { fieldWords, ignoredFields, matchWords } from './words'

/**
 * Compares both sides of a workflow once: breaks go to the log, and what they come to is the result. A side that cannot be
 * read, or that does not prove that it was read whole, makes a result with the status `failed` and its fault.
 */
export async function reconcile(request: ReconcileRequest): Promise<Reconciliation> {
  return new Reconciling(request).run()
}

type Content = Omit<Reconciliation, 'contentHash'>

class Reconciling {
  private readonly started: number
  private readonly clockStart: number
  private readonly comparison: Comparison
  private readonly findings: Findings
  private readonly pace: Pace
  private readonly notes: string[] = []
  private readonly progress: ReconcileProgress
  private pass: FirstPass | undefined
  private oldest: number | undefined

  constructor(private readonly request: ReconcileRequest) {
    const { workflow, source, target, ports, signal, breaks } = request
    const { reconcile } = workflow
    this.started = ports.clock.now()
    this.clockStart = ports.clock.elapsed()
    this.comparison = new Comparison(workflow, !source.source.typed || !target.source.typed)
    this.pace = new Pace(ports.clock, signal)
    const decisions = new Decisions(request.decisions ?? [], this.started)
    const cutOff = cutOffAt(reconcile, this.started)
    this.findings = new Findings(reconcile, breaks, (one) => {
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
      content = this.failed(asFault(error))
    }
    const { breaks, ports, workflow } = this.request
    await maskBreaks(breaks, workflow.personal)
    return { ...content, contentHash: await contentHash(content, breaks.read(), ports.signer) }
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
    const { workflow, source, target, ports, breaks, signal } = this.request
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
    const { workflow, breaks, ages } = this.request
    const settings = workflow.reconcile
    this.tell('explaining')
    if (ages) this.oldest = await carryAges(breaks, ages)
    const causes = await this.causes()
    const summary = await Summary.of(breaks, settings)
    const measures = summary.measures(result.totals, this.findings.toleratedEffect)
    const totals = groupTies(result.totals, summary)
    const off = measures.filter(({ tiesOut }) => !tiesOut)
    const { states } = summary
    if (states.open === 0)
      for (const { measure, difference } of off)
        this.notes.push(
          `${measure} is off by ${difference}, which is more than the settings allow for the total.`,
        )
    return {
      ...this.frame(),
      status: states.open === 0 && off.length === 0 ? 'ties-out' : 'breaks',
      source: { ...this.side('source'), ...result.source },
      target: { ...this.side('target'), ...result.target },
      compared: {
        pairs: this.findings.pairs,
        agreed: this.findings.agreed,
        tolerated: this.findings.tolerated,
      },
      breaks: { ...states, byKind: summary.byKind, byField: summary.byField() },
      measures,
      totals,
      causes,
      offsetting: offsettingErrors(totals, settings, summary),
      method: result.method,
      notes: this.allNotes(),
      ...this.age(states.open),
    }
  }

  private causes(): Promise<Cause[]> {
    const { workflow, breaks } = this.request
    const key = workflow.reconcile.match[0]?.on.map(({ field }) => field) ?? []
    const newest = { source: this.pass?.source.newest, target: this.pass?.target.newest }
    return explainBreaks(breaks, {
      settings: workflow.reconcile,
      key,
      fields: this.comparison.fields,
      newest,
    })
  }

  private age(open: number): { oldest?: string } {
    if (open === 0) return {}
    return { oldest: new Date(this.oldest ?? this.started).toISOString() }
  }

  /** What is known before anything was compared. */
  private frame(): Pick<
    Content,
    | 'reconciliation'
    | 'id'
    | 'workflow'
    | 'title'
    | 'asOf'
    | 'started'
    | 'ended'
    | 'rules'
    | 'dimensions'
    | 'trend'
  > {
    const { id, workflow, ports, trend } = this.request
    const { reconcile } = workflow
    const nothing: ReadonlySet<string> = new Set()
    return {
      reconciliation: 1,
      id,
      workflow: workflow.name,
      title: workflow.title,
      asOf: new Date(cutOffAt(reconcile, this.started)).toISOString(),
      started: new Date(this.started).toISOString(),
      ended: new Date(ports.clock.now()).toISOString(),
      rules: {
        match: reconcile.match.map(matchWords),
        fields: fieldWords(this.comparison.fields, reconcile.compare),
        ignored: ignoredFields(
          workflow,
          this.comparison.fields,
          this.pass?.source.fields ?? nothing,
          this.pass?.target.fields ?? nothing,
        ),
      },
      dimensions: reconcile.dimensions.map(({ name }) => name),
      trend: trend ?? [],
    }
  }

  private failed(fault: Fault): Content {
    const none = { records: 0, repeated: 0, unreadable: 0 }
    return {
      ...this.frame(),
      status: 'failed',
      source: { ...this.side('source'), ...none },
      target: { ...this.side('target'), ...none },
      compared: { pairs: 0, agreed: 0, tolerated: 0 },
      breaks: { open: 0, pending: 0, accepted: 0, byKind: NO_BREAKS, byField: [] },
      measures: [],
      totals: [],
      causes: [],
      offsetting: [],
      method: 'records',
      notes: this.allNotes(),
      fault: reportFault(fault),
    }
  }

  private side(name: 'source' | 'target'): { connection: string; stream: string } {
    const { connection, stream } = this.request[name]
    return { connection, stream }
  }

  private allNotes(): string[] {
    const unreadable = (['source', 'target'] as const).flatMap((name) =>
      (this.pass?.[name].unreadable ?? []).map((row) => `Not read in the ${name}: ${row}`),
    )
    const leftOut = (['source', 'target'] as const).flatMap((name) => {
      const count = this.pass?.[name].leftOut ?? 0
      return count === 0
        ? []
        : [`${count} records of the ${name} are marked as deleted and count as not there.`]
    })
    return [...unreadable, ...leftOut, ...this.notes]
  }

  private tell(phase: ReconcileProgress['phase']): void {
    const { ports, onProgress } = this.request
    this.progress.phase = phase
    this.progress.breaks = this.findings.breaks
    this.progress.elapsedMs = ports.clock.elapsed() - this.clockStart
    onProgress?.({ ...this.progress })
  }
}

const NO_BREAKS = { 'missing-in-source': 0, 'missing-in-target': 0, duplicate: 0, differs: 0 }

/** Records that were not listed would look as if the other side had them alone. */
function assertWhole(name: string, connection: string, { end }: ReadSide): void {
  if (end?.complete === true) return
  const why = end?.evidence ?? 'it ended without saying so'
  throw new Fault('SIDE_INCOMPLETE', `The ${name} (${connection}) was not proven to be read whole: ${why}.`, {
    side: name,
    connection,
  })
}
