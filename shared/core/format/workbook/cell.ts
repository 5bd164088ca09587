/** `AB` is column 27. */
export function columnName(column: number): string {
  const rest = String.fromCharCode(65 + (column % 26))
  return column < 26 ? rest : columnName(Math.floor(column / 26) - 1) + rest
}

/** A text stands in its cell and never becomes a formula. */
export function textCell(at: string, text: string, style = ''): string {
  return `<c r="${at}"${style} t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`
}

/** `_x000D_` and its like for what XML does not have or would change (ECMA-376 part 1, 22.9.2.19). */
const SPECIAL = /[<>&]|_(?=x[0-9A-Fa-f]{4}_)|[^\t\n\u0020-\uFFFD]|[\uFFFE\uFFFF]/g

function escapeText(text: string): string {
  return text.replace(SPECIAL, (sign) => {
    if (sign === '<') return '&lt;'
    if (sign === '>') return '&gt;'
    if (sign === '&') return '&amp;'
    return `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
  })
}

export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;')
}
