/** Without spaces (also those that do not break) at the ends, and one where several were. */
export function spaced(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

/** Without characters that take no room: spaces without width, soft hyphens, marks of direction. */
export function visible(text: string): string {
  return text.replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
}

/** Without regard to case: 'ß' and 'SS' are one, as are 'σ' and 'ς'. */
export function folded(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ')
}
