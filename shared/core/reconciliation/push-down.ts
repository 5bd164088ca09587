import type { ListingEnd } from '../connector'
import { CountingLedger } from '../record/ledger'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import type { Snapshot, SnapshotTotals } from '../snapshot'
import { Buckets } from './buckets'
import type { FirstPassResult, GroupTotals, KeyGroup, FirstPass, ReadSide, SideCounts } from './first-pass'
import { Join } from './join'
import { questionsOf } from './push-down-request'
import { RuleKey } from './normalise'
import { Pace } from './pace'
import { AS_IT_IS, keyGroup, type PassRequest } from './record-pass'
import type { MatchRule } from './settings'
import { mergeTotals } from './snapshot-totals'

/**
 * Both sides spread their records over this many buckets and send a checksum of each. While it is not much more than the
 * records that differ, most buckets are equal; more of them cost the databases more memory than they usually have.
 */
const BUCKETS = 1 << 16
/** Share of the records: where more would have to be read, all are, in one go. */
const MOST_TO_READ = 0.5
const PAGE = 1000

/**
 * Compares by checksums that the systems compute themselves: only the records of buckets that differ, or that hold a key
 * more than once, are read and joined. Undefined where that would not give what reading every record gives, or would not
 * spare most of it.
 */
export async function openPushDown(request: PassRequest): Promise<PushDownPass | undefined> {
  const asked = questionsOf(request)
  if (!asked) return undefined
  const opened = await Promise.allSettled([
    request.source.source.snapshot?.(asked.source),
    request.target.source.snapshot?.(asked.target),
  ])
  const snapshots = opened.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []))
  let pass: PushDownPass | undefined
  try {
    for (const one of opened) if (one.status === 'rejected') throw one.reason
    const [source, target] = snapshots
    if (source && target) {
      const buckets = await compareBuckets({ source, target })
      if (buckets) pass = new PushDownPass(request, asked.rule, asked.has, { source, target }, buckets)
    }
  } finally {
    if (!pass) await closeAll(snapshots)
  }
  return pass
}

interface Snapshots {
  source: Snapshot
  target: Snapshot
}

async function closeAll(snapshots: readonly Snapshot[]): Promise<void> {
  await Promise.all(snapshots.map((snapshot) => snapshot.close()))
}

/** Undefined where the sides cannot be compared so, or where it would spare too little. */
async function compareBuckets({ source, target }: Snapshots): Promise<Buckets | undefined> {
  if (source.dialect !== target.dialect) return undefined
  const buckets = new Buckets(...(await Promise.all([source.checksums(BUCKETS), target.checksums(BUCKETS)])))
  if (buckets.shareToRead() > MOST_TO_READ) return undefined
  // equal buckets hold the same records, so one side can tell for both
  if (!source.uniqueKey && !target.uniqueKey) buckets.read(await source.repeated(BUCKETS))
  return buckets
}

type Side = ReadSide & { newest?: string | undefined }

/** Whoever gets one reads it to its end, or leaves it: that closes the snapshots. */
export class PushDownPass implements FirstPass {
  readonly source: Side
  readonly target: Side
  private readonly join: Join<DataRecord>
  private readonly keyFields: readonly string[]
  private totals: GroupTotals[] = []
  /** Records of both sides that are done with: those of equal buckets need no reading. */
  private read: number

  constructor(
    private readonly request: PassRequest,
    rule: MatchRule,
    fields: { source: ReadonlySet<string>; target: ReadonlySet<string> },
    private readonly snapshots: Snapshots,
    private readonly buckets: Buckets,
  ) {
    const { workflow, comparison, ports, signal } = request
    comparison.narrow(fields.source, fields.target)
    this.source = { unreadable: [], fields: fields.source, end: endOf(buckets.records.source) }
    this.target = { unreadable: [], fields: fields.target, end: endOf(buckets.records.target) }
    this.keyFields = rule.on.map(({ field }) => field)
    this.read = 2 * buckets.agreed
    this.join = new Join({
      key: new RuleKey(rule),
      packing: AS_IT_IS,
      equal: (one, two) => comparison.equal(one, two),
      memory: workflow.reconcile.memory,
      spill: ports.spill,
      pace: new Pace(ports.clock, signal),
    })
  }

  async *unequal(): AsyncGenerator<readonly KeyGroup[]> {
    const { source, target } = this.snapshots
    try {
      this.request.onRead(this.read)
      const [ofSource, ofTarget] = await Promise.all([this.totalsOf('source'), this.totalsOf('target')])
      this.totals = mergeTotals(this.request.workflow.reconcile, ofSource, ofTarget)
      const groups = this.join.unequal(this.records('source'), this.records('target'))
      for await (const page of groups) {
        yield page.map((group) => keyGroup(group, this.keyFields))
      }
    } finally {
      await closeAll([source, target])
    }
  }

  result(): FirstPassResult {
    const { agreed, repeated, keyless } = this.join.result
    const counts = (side: 'source' | 'target'): SideCounts => ({
      records: this.buckets.records[side],
      repeated: repeated[side],
      unreadable: keyless[side],
    })
    return {
      source: counts('source'),
      target: counts('target'),
      agreed: this.buckets.agreed + agreed,
      totals: this.totals,
      method: 'push-down',
    }
  }

  private async totalsOf(side: 'source' | 'target'): Promise<readonly SnapshotTotals[]> {
    const snapshot = this.snapshots[side]
    this[side].newest = await snapshot.newest()
    return snapshot.totals()
  }

  private async *records(side: 'source' | 'target'): AsyncGenerator<readonly DataRecord[]> {
    const { toRead: wanted } = this.buckets
    if (wanted.size === 0) return
    const { signal, onRead } = this.request
    const { mapper } = this.request[side]
    const ledger = new CountingLedger()
    const asked = { buckets: BUCKETS, wanted, pageSize: PAGE, signal }
    for await (const page of this.snapshots[side].records(asked)) {
      this.read += page.length
      onRead(this.read)
      yield page.flatMap((record) => {
        const mapped = mapper.map(record, ledger)
        return mapped instanceof Rejection ? [] : [mapped]
      })
    }
  }
}

function endOf(total: number): ListingEnd {
  return { complete: true, total, evidence: 'added up and compared where the records are, in one snapshot' }
}
