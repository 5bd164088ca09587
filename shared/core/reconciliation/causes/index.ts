import type { BreakLog, KeptBreak } from '../break'
import type { Cause } from '../reconciliation'
import { Assignment } from './common/assign'
import { constantOffset } from './constant-offset'
import { currency } from './currency'
import { differenceOf } from './common/difference'
import { doublePosting } from './double-posting'
import { encoding } from './encoding'
import { nothing } from './nothing'
import { numberAsText } from './number-as-text'
import { offByOne } from './off-by-one'
import { padded } from './padded'
import { Partners } from './common/partners'
import { inTurns } from './common/turns'
import { Remembered } from './common/remembered'
import { rounding } from './rounding'
import { inKey, type Case, type CauseContext, type CauseRule } from './common/rule'
import { signFlip } from './sign-flip'
import { spaceAndCase } from './space-and-case'
import { stale } from './stale'
import { swappedDimension } from './swapped-dimension'
import { swappedFields } from './swapped-fields'
import { compareFindings, Tally, type Finding } from './common/tally'
import { timeZone } from './time-zone'
import { truncated } from './truncated'
import { unitShift } from './unit-shift'
import { wording } from './wording'

export type { CauseContext } from './common/rule'

/** Where two explain as much, the one that says more comes first. */
const RULES: readonly CauseRule[] = [
  nothing,
  numberAsText,
  spaceAndCase,
  encoding,
  padded,
  truncated,
  signFlip,
  swappedFields,
  unitShift,
  doublePosting,
  rounding,
  offByOne,
  timeZone,
  swappedDimension,
  wording,
  currency,
  constantOffset,
  stale,
]

/** That keys differ by any number, or by some words, does not make one record of two. */
const TELLING = RULES.filter((rule) => ![currency, constantOffset, wording].includes(rule))

const EXAMPLES = 5

export interface Explaining {
  /** Gives others a turn. */
  turn: () => Promise<void>
  /** Is shown every break, after the last time that its state may change. */
  each: (one: KeptBreak) => void
  /** What people may see of its key. */
  nameOf: (one: KeptBreak) => string
}

const ALONE: Explaining = {
  turn: () => Promise.resolve(),
  each: () => undefined,
  nameOf: ({ key }) => key,
}

/**
 * The probable causes of the open breaks, the one that explains most first. Each break gets at most one, saved in the
 * log: the best supported that explains all of it. The log is read three times; what is kept in memory are counts of
 * findings, those of as many breaks as `Remembered` says and, of records missing on both sides, as many as `Partners` says.
 */
export async function explainBreaks(
  log: BreakLog,
  context: CauseContext,
  { turn, each, nameOf }: Explaining = ALONE,
): Promise<Cause[]> {
  const partners = new Partners(context, (one) => TELLING.some((rule) => rule.find(one, context).length > 0))
  let open = 0
  await eachOpen(log, (one) => {
    open++
    partners.add(one)
  })
  const moved = await partners.pair(turn)
  const caseOf = (one: KeptBreak): Case => moved.get(one.id) ?? asCase(one, context)
  const remembered = new Remembered((one) => findingsOf(caseOf(one), context))

  const tally = new Tally()
  await eachOpen(log, (one) => {
    const fields = caseOf(one).fields.map(({ field }) => field)
    tally.add(fields.sort(), remembered.of(one))
  })
  const assignment = new Assignment(tally)
  const all = remembered.all()
  if (all)
    await inTurns(all, turn, (findings) => {
      assignment.count(findings)
    })
  else
    await eachOpen(log, (one) => {
      assignment.count(remembered.of(one))
    })
  assignment.decide()

  const causes = new Map<Finding, { breaks: number; examples: string[] }>()
  for await (const page of log.read()) {
    const explained: KeptBreak[] = []
    for (const one of page) {
      each(one)
      const finding = one.state === 'open' ? assignment.chosen(remembered.of(one)) : undefined
      if (!finding) continue
      const cause = causes.get(finding) ?? { breaks: 0, examples: [] }
      causes.set(finding, cause)
      cause.breaks++
      if (cause.examples.length < EXAMPLES) cause.examples.push(nameOf(one))
      explained.push({ ...one, cause: causeId(finding) })
    }
    if (explained.length > 0) await log.update(explained)
  }
  return [...causes]
    .sort(([one, first], [two, second]) => second.breaks - first.breaks || compareFindings(one, two))
    .map(([finding, counted]) => told(finding, counted, open, partners.complete, context))
}

/** Where anything else differs, so does the time of the change: that needs no explanation. */
function asCase(one: KeptBreak, { settings }: CauseContext): Case {
  const fields = one.fields.filter(({ field }) => field !== settings.cutOff?.field)
  return { ...one, fields: (fields.length > 0 ? fields : one.fields).map(differenceOf) }
}

async function eachOpen(log: BreakLog, visit: (one: KeptBreak) => void): Promise<void> {
  for await (const page of log.read()) {
    for (const one of page) if (one.state === 'open') visit(one)
  }
}

function findingsOf(one: Case, context: CauseContext): Finding[] {
  return RULES.flatMap((rule, order) =>
    rule.find(one, context).map((variant, rank) => ({ ...variant, rule, order, rank })),
  )
}

function told(
  finding: Finding,
  { breaks, examples }: { breaks: number; examples: readonly string[] },
  of: number,
  complete: boolean,
  context: CauseContext,
): Cause {
  const { rule } = finding
  // what is missing on both sides may be more than was looked at
  const least = complete || !inKey(finding, context) ? '' : 'at least '
  const share = `${least}${breaks} of ${of} ${of === 1 ? 'break' : 'breaks'}`
  return {
    id: causeId(finding),
    title: rule.title,
    sentence: `${rule.says(finding, context)}: accounts for ${share}`,
    breaks,
    of,
    examples,
    advice: rule.advice(finding, context),
  }
}

function causeId({ rule, fields, param }: Finding): string {
  return [rule.id, fields.join(','), param].filter((part) => part !== '').join(':')
}
