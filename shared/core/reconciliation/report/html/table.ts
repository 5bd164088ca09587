import { markup, type Markup } from './markup'

export interface Head {
  title: string
  /** `n`: a number, set flush right; `bar` and `balance`: drawings, left out where there is little room; `v`: may be long. */
  kind?: 'n' | 'bar' | 'balance' | 'v'
}

export type Cell = Markup | string | number | undefined

/** The first cell of each row names it. */
export function table(
  caption: string,
  heads: readonly Head[],
  rows: readonly (readonly Cell[])[],
  sum?: readonly Cell[],
): Markup {
  const row = (cells: readonly Cell[], mark?: Markup): Markup =>
    markup`<tr${mark}>${cells.map((cell, at) =>
      at === 0 ? markup`<th scope="row">${cell}</th>` : markup`<td${className(heads[at]?.kind)}>${cell}</td>`,
    )}</tr>`
  return markup`<div class="scroll"><table${heads.length === 2 ? markup` class="two"` : undefined}>
<caption><span>${caption}</span></caption>
<thead><tr>${heads.map(({ title, kind }) => markup`<th scope="col"${className(kind)}>${title}</th>`)}</tr></thead>
<tbody>
${rows.map((cells) => row(cells))}
${sum ? row(sum, markup` class="sum"`) : undefined}
</tbody>
</table></div>`
}

function className(kind: Head['kind']): Markup | undefined {
  return kind === undefined ? undefined : markup` class="${kind}"`
}
