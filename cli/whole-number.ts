import { InvalidArgumentError } from 'commander'

/** Reads the value of an option. */
export function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,14}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.')
  return Number(text)
}
