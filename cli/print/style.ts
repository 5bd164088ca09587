import type { Output, World } from '../world'

type Mark = (text: string) => string

/** Marks for people; texts stay plain when nobody looks at a terminal or NO_COLOR is set (no-color.org). */
export interface Style {
  strong: Mark
  good: Mark
  bad: Mark
  faint: Mark
}

const plain: Mark = (text) => text
const PLAIN: Style = { strong: plain, good: plain, bad: plain, faint: plain }
const ANSI: Style = { strong: ansi(1, 22), good: ansi(32, 39), bad: ansi(31, 39), faint: ansi(2, 22) }

export function style(output: Output, env: World['env']): Style {
  return output.terminal && (env['NO_COLOR'] ?? '') === '' ? ANSI : PLAIN
}

function ansi(on: number, off: number): Mark {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`
}
