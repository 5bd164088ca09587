import { numberText, signedText } from '../../../words'

/** With a true minus sign, which is as wide as a plus. */
export function num(number: string | number): string {
  return numberText(number).replace('-', '\u2212')
}

export function signed(number: string): string {
  return signedText(number).replace('-', '\u2212')
}
