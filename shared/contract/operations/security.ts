/** The ways of saying who calls. Each works for every operation that is not public; a client may have several. */
export interface SecurityMethod {
  kind: 'api-key' | 'basic' | 'bearer' | 'client-credentials' | 'certificate'
  description: string
}

export const security: Readonly<Record<SecurityMethod['kind'], SecurityMethod>> = {
  'api-key': {
    kind: 'api-key',
    description: 'The key in the header `X-API-Key`. Also as `Authorization: Bearer <key>`.',
  },
  basic: {
    kind: 'basic',
    description: 'RFC 7617: id of the client and its secret, or the key as name with an empty password.',
  },
  bearer: {
    kind: 'bearer',
    description: 'A key, a token of this gateway, or a JWT of an issuer that the gateway trusts.',
  },
  'client-credentials': {
    kind: 'client-credentials',
    description: 'OAuth 2.0 client credentials at `/oauth/token`.',
  },
  certificate: {
    kind: 'certificate',
    description:
      'A client certificate in TLS, or from a trusted proxy in the header `Client-Cert` (RFC 9440).',
  },
}
