/** An address as it may be shown and kept: a URL without its credentials and its query, which may be a signature. */
export function shownAddress(address: string): string {
  return /^https?:\/\//i.test(address)
    ? address.replace(/[?#].*$/s, '').replace(/^([^:]*:\/\/)[^/]*@/, '$1')
    : address
}
