import { SCOPES } from '../../shared/contract/operations/operation'
import { security } from '../../shared/contract/operations/security'
import type { SecurityRequirement, SecurityScheme } from './model'

type Name = 'apiKey' | 'basic' | 'bearer' | 'oauth' | 'certificate'

/** @param mutualTls whether the version of OpenAPI knows client certificates */
export function securitySchemes(mutualTls: boolean): Record<string, SecurityScheme> {
  const schemes: Record<Exclude<Name, 'certificate'>, SecurityScheme> = {
    apiKey: { type: 'apiKey', name: 'X-API-Key', in: 'header', description: security['api-key'].description },
    basic: { type: 'http', scheme: 'basic', description: security.basic.description },
    bearer: { type: 'http', scheme: 'bearer', description: security.bearer.description },
    oauth: {
      type: 'oauth2',
      description: security['client-credentials'].description,
      flows: {
        clientCredentials: {
          tokenUrl: '/oauth/token',
          scopes: Object.fromEntries(SCOPES.map((scope) => [scope, SCOPE_WORDS[scope]])),
        },
      },
    },
  }
  if (!mutualTls) return schemes
  return { ...schemes, certificate: { type: 'mutualTLS', description: security.certificate.description } }
}

/** Any one of them is enough. */
export function anyMethod(mutualTls: boolean, scope?: string): SecurityRequirement[] {
  const scopes = scope === undefined ? [] : [scope]
  return [
    { apiKey: [] },
    { basic: [] },
    { bearer: [] },
    { oauth: scopes },
    ...(mutualTls ? [{ certificate: [] }] : []),
  ]
}

const SCOPE_WORDS: Readonly<Record<(typeof SCOPES)[number], string>> = {
  'records:read': 'Download records.',
  'records:write': 'Upload records.',
  'runs:read': 'Follow runs and read what there is.',
  'runs:write': 'Start, stop and undo runs.',
  'exceptions:read': 'Read exceptions.',
  'exceptions:write': 'Decide on exceptions and send them again.',
  'reconciliations:read': 'Read reconciliations.',
  'reconciliations:write': 'Sign reconciliations.',
  'events:read': 'Read events.',
  'access:manage': 'Manage webhooks.',
}
