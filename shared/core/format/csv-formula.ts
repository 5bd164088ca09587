const PLAIN_NUMBER = /^-\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?$/

/**
 * Whether a spreadsheet would take the text for a formula (OWASP ASVS 5 1.2.10, CWE-1236; some fold full-width signs).
 * Quotes do not prevent it. Apostrophes before it count too, so that one can be taken away again.
 */
export function isFormula(text: string): boolean {
  const sign = text.charCodeAt(0)
  if (sign === 0x27) return isFormula(text.slice(1))
  if (sign === 0x2d) return !PLAIN_NUMBER.test(text)
  return '=+@\t\r\0\uff1d\uff0b\uff20\uff0d'.includes(text.charAt(0)) && text !== ''
}

export function escapeFormula(text: string): string {
  return isFormula(text) ? "'" + text : text
}

export function unescapeFormula(text: string): string {
  return text.charCodeAt(0) === 0x27 && isFormula(text) ? text.slice(1) : text
}
