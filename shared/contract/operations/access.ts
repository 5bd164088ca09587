import { entities, ref } from '../schemas'
import { entity, page } from './content'
import { describe } from './operation'

export const access = describe({
  createToken: {
    method: 'POST',
    path: '/oauth/token',
    group: 'access',
    summary: 'Get a token by client credentials (OAuth 2.0)',
    description:
      'RFC 6749 section 4.4, with client_secret_basic, client_secret_post, private_key_jwt (RFC 7523) or a client certificate (RFC 8705), to which the token is then bound.',
    access: 'public',
    parameters: [],
    request: {
      required: true,
      description: 'The token request.',
      content: {
        'application/x-www-form-urlencoded': {
          schema: ref('TokenRequest'),
          examples: { example: entities.TokenRequest.example },
        },
      },
    },
    responses: { 200: { description: 'The token.', content: entity('Token') } },
    errors: ['OAUTH_REFUSED'],
    repeat: 'safe',
  },
  getCaller: {
    method: 'GET',
    path: '/v1/caller',
    group: 'access',
    summary: 'See who one is here',
    description: 'Client, key, scopes, workflows, version and since when.',
    access: { scope: 'runs:read', workflow: false },
    parameters: [],
    responses: { 200: { description: 'The caller.', content: entity('Caller') } },
    errors: [],
    repeat: 'safe',
  },
  listLimits: {
    method: 'GET',
    path: '/v1/limits',
    group: 'access',
    summary: 'Read every limit and what is left of it',
    description:
      'Costs nothing. The same figures as in the RateLimit headers, and `body`: the most unpacked bytes of one file.',
    access: { scope: 'runs:read', workflow: false },
    parameters: [],
    responses: { 200: { description: 'The limits.', content: page('Limit') } },
    errors: [],
    repeat: 'safe',
  },
})
