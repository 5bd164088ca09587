/** HTML that is safe to stand in a page: every text in it was escaped. Only `markup` makes it. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | undefined | readonly Part[]

/** A template whose values are escaped unless they are markup themselves; lists are joined, undefined is nothing. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = texts[0] ?? ''
  for (const [at, part] of parts.entries()) text += printed(part) + (texts[at + 1] ?? '')
  return new Markup(text)
}

function printed(part: Part): string {
  if (part instanceof Markup) return part.text
  if (part === undefined) return ''
  return typeof part === 'object' ? part.map(printed).join('') : escaped(String(part))
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Control characters have no place in a page (HTML standard, 13.2.3.5); U+FFFD stands for them. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '\uFFFD')
}
