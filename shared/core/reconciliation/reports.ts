import { didYouMean } from '../definition/nearest'
import { Fault } from '../fault'
import type { Clock, Signer } from '../ports'
import type { Break, BreakKind, KeptBreak } from './break'
import { shownBreak } from './mask-breaks'
import type { Reconciliation } from './reconciliation'
import type { Report } from './report/report'
import { breaksOf, reconciliationOf, signOff, verifyContent, type SignOffRequest } from './sign-off'
import type { BreakFilter, ReconciliationStore, Signature } from './store'

/** Which breaks of a report. */
export interface DrillDown {
  kind?: BreakKind
  /** Id of a cause, as the report lists it. */
  cause?: string
  state?: KeptBreak['state']
  field?: string
  /** Values by dimension. */
  where?: Readonly<Record<string, string>>
}

/** What was reconciled: reports to look into and to sign. */
export class Reports {
  constructor(
    private readonly store: ReconciliationStore,
    private readonly signer: Pick<Signer, 'digest'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /**
   * A reconciliation by its id, or the last one of a workflow.
   * @throws Fault RECONCILIATION_UNKNOWN
   */
  async find(idOrWorkflow: string): Promise<Reconciliation> {
    const [last] = await this.store.reconciliations({ workflow: idOrWorkflow, limit: 1 })
    return last ?? reconciliationOf(idOrWorkflow, this.store)
  }

  /** @throws Fault REPORT_CHANGED, BREAK_FILTER_UNKNOWN */
  async report(reconciliation: Reconciliation, drillDown: DrillDown = {}): Promise<Report> {
    if (await this.keepsBreaks(reconciliation)) await verifyContent(reconciliation, this.parts())
    const filter = filterOf(reconciliation, drillDown)
    const signatures = await this.store.signatures(reconciliation.workflow)
    return {
      reconciliation,
      breaks: () => this.shown(filter),
      signatures: signatures.filter((one) => one.reconciliation === reconciliation.id),
    }
  }

  /** By key, then kind. */
  async breaks(
    reconciliation: Reconciliation,
    drillDown: DrillDown,
    page: { limit: number; after?: number },
  ): Promise<{ count: number; breaks: KeptBreak[] }> {
    const filter = filterOf(reconciliation, drillDown)
    return {
      count: await this.store.countBreaks(filter),
      breaks: (await this.store.breaks(filter, page)).map(shownBreak),
    }
  }

  /** Those of old reconciliations that nobody signed are removed. */
  async keepsBreaks({ id, breaks }: Reconciliation): Promise<boolean> {
    const { open, pending, accepted } = breaks
    return open + pending + accepted === 0 || (await this.store.countBreaks({ run: id })) > 0
  }

  signOff(request: SignOffRequest): Promise<Signature> {
    return signOff(request, { ...this.parts(), clock: this.clock })
  }

  private async *shown(filter: BreakFilter): AsyncGenerator<readonly Break[]> {
    for await (const page of breaksOf(this.store, filter)) yield page.map(shownBreak)
  }

  private parts(): { reconciliations: ReconciliationStore; signer: Pick<Signer, 'digest'> } {
    return { reconciliations: this.store, signer: this.signer }
  }
}

function filterOf(
  { id, dimensions, causes }: Reconciliation,
  { where = {}, ...rest }: DrillDown,
): BreakFilter {
  for (const name of Object.keys(where))
    if (!dimensions.includes(name)) throw unknown('dimension', name, dimensions)
  const known = causes.map((cause) => cause.id)
  if (rest.cause !== undefined && !known.includes(rest.cause)) throw unknown('cause', rest.cause, known)
  return { run: id, ...rest, dimensions: dimensions.map((name) => where[name] ?? '') }
}

function unknown(what: string, name: string, known: readonly string[]): Fault {
  return new Fault('BREAK_FILTER_UNKNOWN', `The report has no ${what} ${name}${didYouMean(name, known)}.`, {
    [what]: name,
  })
}
