import { HEAD, MAIN } from './parts'

/** What a column holds. `value` is data of any kind: its dates and numbers are shown as such, its texts stay texts. */
export type ColumnFormat = 'text' | 'count' | 'decimal' | 'time' | 'value'

/** Places in `cellXfs` below. */
export const STYLE = { plain: 0, head: 1, count: 2, decimal: 3, date: 4, time: 5, text: 6 } as const

export function styleFor(format: ColumnFormat, number: number): string {
  if (format === 'count') return ` s="${STYLE.count}"`
  if (format === 'decimal') return ` s="${Number.isInteger(number) ? STYLE.count : STYLE.decimal}"`
  return ''
}

/** Numbers of formats of our own begin at 164 (ECMA-376 part 1, 18.8.30). */
export function stylesPart(): string {
  return (
    `${HEAD}<styleSheet xmlns="${MAIN}">` +
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="#,##0.00########"/>' +
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/>' +
    '<numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>' +
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>' +
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
    '<fills count="3"><fill><patternFill patternType="none"/></fill>' +
    '<fill><patternFill patternType="gray125"/></fill>' +
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE6EBF0"/><bgColor indexed="64"/></patternFill></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    '<cellXfs count="7">' +
    format(0) +
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">' +
    '<alignment vertical="top" wrapText="1"/></xf>' +
    format(3) +
    format(164) +
    format(165) +
    format(166) +
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">' +
    '<alignment vertical="top" wrapText="1"/></xf>' +
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  )
}

function format(id: number): string {
  return `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`
}
