/** What every answer says to browsers, which have nothing to do here beyond reading pages. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  // pages have a style element of their own and nothing else
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

/** Two years, only over TLS (RFC 6797, 7.2). */
export const STRICT_TRANSPORT = 'max-age=63072000'

/** What may be kept on the way: nothing, unless the operation says so. */
export const NOT_STORED = 'no-store'
