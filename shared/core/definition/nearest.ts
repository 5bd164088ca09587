import { closest, distance } from 'fastest-levenshtein'

/** The valid spelling that was probably meant; undefined when none is near. */
export function nearest(found: string, valid: readonly string[]): string | undefined {
  if (valid.length === 0) return undefined
  const asked = found.toLowerCase()
  const best = closest(asked, [...valid])
  const length = Math.max(found.length, best.length)
  // two letters that changed places count as two changes
  const tolerated = letters(asked) === letters(best) ? 2 : Math.max(1, Math.floor(length / 3))
  return distance(asked, best.toLowerCase()) <= tolerated ? best : undefined
}

function letters(word: string): string {
  return Array.from(word.toLowerCase()).sort().join('')
}

/** '; did you mean mode?', or what is known, or nothing when nothing is. */
export function didYouMean(found: string, valid: readonly string[], known = 'known'): string {
  const near = nearest(found, valid)
  if (near !== undefined) return `; did you mean ${near}?`
  return valid.length === 0 ? '' : `; ${known}: ${[...valid].sort().join(', ')}`
}
