import { textOf, type Value } from '../../record/value'
import type { Condition, Kind } from './condition'
import type { PatternName } from './patterns'

/** A condition so that 'have …' reads on with it: 'country = null', 'a decimal comma in price'. */
export function conditionText({ path, trait }: Condition): string {
  const field = path.map((name) => name.replace(/[.[\]\\]/g, '\\$&')).join('.')
  switch (trait.is) {
    case 'absent':
      return `no ${field}`
    case 'null':
      return `${field} = null`
    case 'empty':
      return `${field} = ""`
    case 'type':
      return `${KINDS[trait.type]} in ${field}`
    case 'at-least-long':
      return `${number(trait.length)} or more characters in ${field}`
    case 'at-most-long':
      return `${number(trait.length)} or fewer characters in ${field}`
    case 'equal':
      return `${field} = ${shown(trait.value)}`
    case 'one-of':
      return `${field} = ${trait.values.map(shown).join(' or ')}`
    case 'pattern':
      return `${PATTERNS[trait.pattern]} in ${field}`
    case 'no-pattern':
      return `no ${PATTERNS[trait.pattern].replace(/^an? /, '')} in ${field}`
    case 'prefix':
      return `${JSON.stringify(trait.prefix)} at the start of ${field}`
    case 'at-least':
      return `${String(trait.number)} or more in ${field}`
    case 'at-most':
      return `${String(trait.number)} or less in ${field}`
    case 'shape':
      return `the shape ${trait.shape} in ${field}`
  }
}

/** 9959 as 9,959. */
export function number(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

function shown(value: Value): string {
  return typeof value === 'string' ? JSON.stringify(value) : textOf(value)
}

const KINDS: Readonly<Record<Kind, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'a boolean',
  list: 'a list',
  object: 'an object',
}

const PATTERNS: Readonly<Record<PatternName, string>> = {
  'decimal-comma': 'a decimal comma',
  'end-spaces': 'a space at an end',
  'non-ascii': 'characters beyond ASCII',
  control: 'control characters',
  number: 'a number',
  'iso-date': 'a date of the form yyyy-mm-dd',
  'dotted-date': 'a date of the form dd.mm.yyyy',
  'slashed-date': 'a date with slashes',
  email: 'an e-mail address',
}
