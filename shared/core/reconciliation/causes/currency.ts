import { textOf } from '../../record/value'
import type { Difference } from './common/difference'
import { inEveryField, listed, other, type Case, type CauseRule, type Variant } from './common/rule'
import { isUnitFactor } from './unit-shift'
import { factorRule, underCompare } from './common/settings'

const CURRENCY_FIELD = /(?:^|[^a-z])(?:currency|curr|ccy|cur)(?:[^a-z]|$)/
const CODE = /^[A-Z]{3}$/
/** Width of a class of ratios: amounts of 10 and more, rounded to cents, stay within it. */
const WIDTH = Math.log(1.002)
/** Closer to 1 than that, it is a difference of its own in each record. */
const NEAR_ONE = 0.02

export const currency: CauseRule = {
  id: 'currency',
  title: 'Currency',
  atLeast: 3,
  share: 0.1,
  find: (one) => {
    const code = one.fields.find(isCurrencyField)
    return code ? otherCurrency(one, code) : inEveryField(one, ratios)
  },
  says: ({ fields, param }) => {
    if (param.includes('>')) {
      const [from = '', to = ''] = param.split('>')
      const amounts = fields.filter((field) => !CURRENCY_FIELD.test(words(field)))
      return amounts.length === 0
        ? `${listed(fields)} is ${from} at the source and ${to} at the target`
        : `${listed(amounts)} ${amounts.length === 1 ? 'is' : 'are'} in ${from} at the source and in ${to} at the target`
    }
    const { side, ratio } = parsed(param)
    return `${listed(fields)} of the ${side} is always about ${ratio.toPrecision(4)} times that of the ${other(side)}`
  },
  advice: ({ fields, param }, { settings }) => {
    if (param.includes('>'))
      return 'Convert to one currency in the mapping, or match the records by currency, too.'
    const { side, ratio } = parsed(param)
    const rate = Number((side === 'source' ? ratio : 1 / ratio).toPrecision(4))
    const rule = (field: string): string => `${factorRule(settings, field, rate)}, relative: 1%`
    return (
      `The sides keep different currencies or units. Find the exact rate, and compare in the currency of the source: ` +
      `${underCompare(fields, rule)}; or convert in the mapping.`
    )
  },
}

function isCurrencyField({ field, source, target }: Difference): boolean {
  return CURRENCY_FIELD.test(words(field)) && CODE.test(textOf(source)) && CODE.test(textOf(target))
}

/** `unitCurrency` as unit_currency. */
function words(field: string): string {
  return field.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
}

/** The code differs and, with it, any numbers; whatever their rate. */
function otherCurrency({ fields }: Case, code: Difference): Variant[] {
  if (fields.some((field) => field !== code && !field.numbers)) return []
  const names = fields.map(({ field }) => field).sort()
  return [{ fields: names, param: `${textOf(code.source)}>${textOf(code.target)}` }]
}

/** Two classes, shifted by half their width, so that no ratio lies at the edge of both. */
function ratios({ numbers }: Difference): string[] {
  if (!numbers || numbers.source.eq(0) || numbers.target.eq(0)) return []
  const up = Number(numbers.target) / Number(numbers.source)
  const [side, ratio] = up > 1 ? ['target', up] : ['source', 1 / up]
  if (!(ratio > 1 + NEAR_ONE) || isUnitFactor(ratio) || Math.abs(ratio - 2) < NEAR_ONE) return []
  const halves = Math.floor((2 * Math.log(ratio)) / WIDTH)
  return [`${side} ${halves}`, `${side} ${halves - 1}`]
}

function parsed(param: string): { side: string; ratio: number } {
  const [side = '', halves = ''] = param.split(' ')
  return { side, ratio: Math.exp(((Number(halves) + 1) * WIDTH) / 2) }
}
