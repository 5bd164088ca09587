/** What the operator decides about access. */
export interface AccessSettings {
  /** Whether `?api_key=` is taken: addresses end up in logs, so only where nothing else is possible. */
  keyInQuery: boolean
  /** Networks (CIDR) of proxies that are believed: what they say of the address and certificate of the client. */
  trustedHops: readonly string[]
  /** In which header they say it. The other one is ignored: a proxy passes on what it does not write itself. */
  forwardedBy: 'x-forwarded-for' | 'forwarded'
  issuers: readonly IssuerSettings[]
}

/** Somebody else whose JSON Web Tokens are taken. */
export interface IssuerSettings {
  /** For the operator; `tieout keys create --issuer`. */
  name: string
  /** Value of `iss`. */
  issuer: string
  /** https address or path of its key set. */
  jwks: string
  audience: string
  /** Such as RS256; never `none`, never a symmetric one. */
  algorithms: readonly string[]
  /** Claim that tells who it is, such as `azp` or `sub`. */
  claim: string
}

export const DEFAULT_ACCESS: AccessSettings = {
  keyInQuery: false,
  trustedHops: [],
  forwardedBy: 'x-forwarded-for',
  issuers: [],
}
