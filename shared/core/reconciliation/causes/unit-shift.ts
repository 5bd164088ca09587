import Big from 'big.js'
import { decimalsOf, type Difference } from './common/difference'
import { inEveryField, listed, other, type CauseRule } from './common/rule'
import { factorRule, underCompare } from './common/settings'

/**
 * Factors between units that people mix up, and what they are between. Exact by definition: inch, foot, mile and
 * pound by the international yard and pound agreement of 1959, gallon of 231 cubic inches (NIST Handbook 44, appendix C).
 */
const FACTORS: readonly (readonly [factor: string, units: string])[] = [
  ['10', 'one decimal place'],
  ['100', 'two decimal places; percent and share, or cent and whole units'],
  ['1000', 'three decimal places; such as gram and kilogram'],
  ['10000', 'four decimal places'],
  ['100000', 'five decimal places'],
  ['1000000', 'six decimal places; millions'],
  ['1000000000', 'nine decimal places'],
  ['12', 'month and year, or piece and dozen'],
  ['24', 'hour and day'],
  ['60', 'minute and hour, or second and minute'],
  ['3600', 'second and hour'],
  ['1440', 'minute and day'],
  ['86400', 'second and day'],
  ['7', 'day and week'],
  ['144', 'piece and gross'],
  ['1024', 'powers of two'],
  ['2.54', 'centimetre and inch'],
  ['25.4', 'millimetre and inch'],
  ['0.3048', 'metre and foot'],
  ['1.609344', 'kilometre and mile'],
  ['0.45359237', 'kilogram and pound'],
  ['0.4536', 'kilogram and pound, with four digits'],
  ['0.454', 'kilogram and pound, with three digits'],
  ['28.349523125', 'gram and ounce'],
  ['3.785411784', 'litre and US gallon'],
]

interface Unit {
  factor: string
  units: string
  by: Big
  /** Ratios in between are near enough to look at. */
  least: number
  most: number
}

const UNITS = FACTORS.map(([factor, units]): Unit => {
  const about = Number(factor)
  return { factor, units, by: new Big(factor), least: about * 0.99, most: about * 1.01 }
})
/** A value with fewer digits fits many factors once it is rounded. */
const TELLING_DIGITS = 3

export const unitShift: CauseRule = {
  id: 'unit-shift',
  title: 'Unit or decimal point',
  atLeast: 2,
  share: 0.01,
  find: (one) => inEveryField(one, shifts),
  says: ({ fields, param }) => {
    const { side, factor } = parsed(param)
    const units = UNITS.find((one) => one.factor === factor)?.units ?? ''
    return `${listed(fields)} of the ${side} is ${factor} times that of the ${other(side)} (${units})`
  },
  advice: ({ fields, param }, { settings }) => {
    const { side, factor } = parsed(param)
    const toSource = side === 'source' ? Number(factor) : 1 / Number(factor)
    const rule = (field: string): string => factorRule(settings, field, toSource)
    return (
      `The sides keep different units. Compare in that of the source: ${underCompare(fields, rule)}, ` +
      `with a "tolerance" where one side rounds; or convert in the mapping.`
    )
  },
}

/** Whether a ratio is that of two units, which currency then leaves alone. */
export function isUnitFactor(ratio: number): boolean {
  return [ratio, 1 / ratio].some((one) => near(one).some(({ by }) => Math.abs(one / Number(by) - 1) < 1e-3))
}

function shifts({ numbers }: Difference): string[] {
  if (!numbers || numbers.source.eq(0) || numbers.target.eq(0)) return []
  const { source, target } = numbers
  // doubles first: most numbers are far from any factor
  const ratio = Number(target) / Number(source)
  return [
    ...near(ratio).flatMap(({ factor, by }) => (isTimes(target, by, source) ? [`target ${factor}`] : [])),
    ...near(1 / ratio).flatMap(({ factor, by }) => (isTimes(source, by, target) ? [`source ${factor}`] : [])),
  ]
}

function near(ratio: number): Unit[] {
  return UNITS.filter(({ least, most }) => ratio > least && ratio < most)
}

/** Exactly, or rounded on either side where enough digits are left to tell. */
function isTimes(large: Big, by: Big, small: Big): boolean {
  const exact = small.times(by)
  return exact.eq(large) || isRounded(exact, large) || isRounded(large.div(by), small)
}

function isRounded(exact: Big, kept: Big): boolean {
  return kept.c.length >= TELLING_DIGITS && exact.round(decimalsOf(kept), Big.roundHalfUp).eq(kept)
}

function parsed(param: string): { side: string; factor: string } {
  const [side = '', factor = ''] = param.split(' ')
  return { side, factor }
}
