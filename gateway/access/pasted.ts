import { idOfApiKey, KEY_LENGTH } from './api-key'

/** What went wrong when a key was copied, in words; undefined for one that is whole. */
export function defectOfKey(text: string): string | undefined {
  if (idOfApiKey(text) !== undefined) return undefined
  return DEFECTS.find(([pattern]) => pattern.test(text))?.[1] ?? defectOfForm(text)
}

const DEFECTS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^\s*$/, 'it is empty: the variable that should hold it is not set'],
  [/^(undefined|null|none|nil|\[object object\])$/i, 'it is the text of a variable that is not set'],
  [/^(\$\{.*\}|\{\{.*\}\}|%\w+%|<.*>|\$\w+)$/, 'it is a placeholder that nobody filled in'],
  [/^[*•.x]{4,}$/i, 'it is the masked form that a screen shows: copy the key itself'],
  [/^["'“”‘’`].*|.*["'“”‘’`]$/s, 'it has quotes around it: take them off'],
  [/^bearer\s/i, "it has 'Bearer' in front of it once too often: leave that out"],
  [
    /^(x-api-key|authorization|apikey)\s*[:=]/i,
    'it has the name of the header in front of it: leave that out',
  ],
  [/^\s|\s$/, 'it has a space or line break around it: take that off'],
  [/\s/, 'it has a space or line break in it: it was broken when it was copied'],
  [/[,;]$/, 'it ends with a comma or semicolon: take that off'],
  [/%[0-9a-f]{2}/i, 'it is percent-encoded: send it as it was shown'],
  [
    /[^\x21-\x7e]/,
    'it has a character that no key has, perhaps one that does not show: type or copy it anew',
  ],
]

function defectOfForm(text: string): string {
  if (!text.startsWith('tk_'))
    return /^tk_/i.test(text)
      ? 'its letters are in the wrong case'
      : 'it is no key of Tieout: those begin with tk_'
  const missing = KEY_LENGTH - text.length
  if (missing === KEY_LENGTH - 'tk_00000000'.length)
    return 'it is only the visible part of a key: the whole key was shown when it was made'
  if (missing > 0)
    return `${String(missing)} of its ${String(KEY_LENGTH)} characters are missing: it was cut when it was copied`
  if (missing < 0) return `it is too long by ${String(-missing)}: something else was copied with it`
  return 'its checksum is wrong: a character was changed when it was copied'
}
