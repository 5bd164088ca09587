import { markup, type Markup } from './markup'

const ACCENT = '#2b5c8a'
const BAD = '#a23b22'
const LINE = '#d5dce2'
const SOFT = '#55636f'

/** A bar beside a number that says the same, so it has no words of its own. `share` from 0 to 1. */
export function bar(share: number): Markup {
  return markup`<svg viewBox="0 0 200 14" preserveAspectRatio="none" aria-hidden="true">
    <rect x="0" y="1" width="${length(share, 200)}" height="12" fill="${ACCENT}"></rect>
  </svg>`
}

/** From the middle to the left where the target has more, to the right where the source has. `share` from -1 to 1. */
export function differenceBar(share: number): Markup {
  const size = length(Math.abs(share), 98)
  const fill = share < 0 ? BAD : ACCENT
  return markup`<svg viewBox="0 0 200 14" preserveAspectRatio="none" aria-hidden="true">
    <rect x="${share < 0 ? 100 - size : 100}" y="1" width="${size}" height="12" fill="${fill}"></rect>
    <rect x="99.5" y="0" width="1" height="14" fill="${SOFT}"></rect>
  </svg>`
}

/** A difference that is there is seen. */
function length(share: number, most: number): number {
  return share === 0 ? 0 : Math.max(1.5, round(Math.min(1, share) * most))
}

export interface Point {
  label: string
  value: number
  /** What the point says when one stops at it. */
  says: string
}

const WIDTH = 960
const HEIGHT = 210
const LEFT = 64
const TOP = 24
const BOTTOM = 172

/** Columns, oldest on the left; the last one is the newest and set apart. */
export function columns(title: string, points: readonly Point[]): Markup {
  const most = Math.max(...points.map(({ value }) => value), 1)
  const step = (WIDTH - LEFT) / points.length
  const width = Math.min(56, step * 0.6)
  const drawn = points.map(({ label, value, says }, at) => {
    const height = value === 0 ? 0 : Math.max(2, (value / most) * (BOTTOM - TOP))
    const middle = LEFT + step * (at + 0.5)
    const last = at === points.length - 1
    return markup`<g>
      <title>${says}</title>
      <rect
        x="${round(middle - width / 2)}"
        y="${round(BOTTOM - height)}"
        width="${round(width)}"
        height="${round(height)}"
        fill="${last ? ACCENT : '#9db4c9'}"
      ></rect>
      <text x="${round(middle)}" y="${round(BOTTOM - height - 6)}" text-anchor="middle" font-size="14" fill="#1c2733">
        ${value.toLocaleString('en-US')}
      </text>
      <text x="${round(middle)}" y="${BOTTOM + 20}" text-anchor="middle" font-size="13" fill="${SOFT}">${label}</text>
    </g>`
  })
  return markup`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}" font-family="inherit">
    <title>${title}</title>
    <line x1="${LEFT}" y1="${BOTTOM}" x2="${WIDTH}" y2="${BOTTOM}" stroke="${LINE}"></line>
    ${drawn}
  </svg>`
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}
