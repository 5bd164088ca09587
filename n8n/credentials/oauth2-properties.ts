import type { INodeProperties } from 'n8n-workflow'

/** What our credentials add to n8n's own of OAuth 2.0. */
export const oAuth2Properties: INodeProperties[] = [
  {
    displayName: 'Grant Type',
    name: 'grantType',
    type: 'options',
    options: [
      { name: 'Authorization Code', value: 'authorizationCode' },
      { name: 'Client Credentials', value: 'clientCredentials' },
    ],
    default: 'clientCredentials',
  },
]
