/** Without spaces (also those that do not break) at the ends, and one where several were. */
export function spaced(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

/** Without characters that take no room: spaces without width, soft hyphens, marks of direction. */
export function visible(text: string): string {
  return text.replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
}

/** Without accents and other marks on letters. */
export function unaccented(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[øØłŁđĐ]/g, (letter) => PLAIN[letter] ?? letter)
}

/** Letters with a stroke, which Unicode does not take apart. */
const PLAIN: Readonly<Record<string, string>> = { ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D' }

/** Letters and digits alone, without regard to case. */
export function bare(text: string): string {
  return folded(text).replace(/[^\p{L}\p{N}\p{M}]/gu, '')
}

/** Without regard to case: 'ß' and 'SS' are one, as are 'σ' and 'ς'. */
export function folded(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ')
}
