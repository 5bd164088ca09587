/** Without spaces (also those that do not break, and those without width) at the ends, and one where several were. */
export function spaced(text: string): string {
  return text
    .replace(/[\u200b\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Without regard to case: 'ß' and 'SS' are one, as are 'σ' and 'ς'. */
export function folded(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ')
}
