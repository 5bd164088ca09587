import type { ICredentialDataDecryptedObject, IHttpRequestOptions, INodeProperties } from 'n8n-workflow'

const by = (method: string): { show: { method: [string] } } => ({ show: { method: [method] } })

/** What every HTTP API of ours is authorised by. */
export const httpProperties: INodeProperties[] = [
  {
    displayName: 'Method',
    name: 'method',
    type: 'options',
    options: [
      { name: 'Basic', value: 'basic' },
      { name: 'Bearer Token', value: 'bearer' },
      { name: 'Client Certificate', value: 'certificate' },
      { name: 'Header Key', value: 'header' },
    ],
    default: 'header',
    description: 'How the service knows who calls',
  },
  {
    displayName: 'Header Name',
    name: 'headerName',
    type: 'string',
    default: 'X-API-Key',
    displayOptions: by('header'),
  },
  {
    displayName: 'Key',
    name: 'headerValue',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    displayOptions: by('header'),
  },
  { displayName: 'User Name', name: 'username', type: 'string', default: '', displayOptions: by('basic') },
  {
    displayName: 'Password',
    name: 'password',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    displayOptions: by('basic'),
  },
  {
    displayName: 'Token',
    name: 'token',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    displayOptions: by('bearer'),
  },
  {
    displayName: 'Certificate (PEM)',
    name: 'certificate',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    displayOptions: by('certificate'),
  },
  {
    displayName: 'Private Key (PEM)',
    name: 'privateKey',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    displayOptions: by('certificate'),
  },
  {
    displayName: 'Passphrase',
    name: 'passphrase',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    displayOptions: by('certificate'),
  },
  {
    displayName: 'Authority (PEM)',
    name: 'authority',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    description: 'The certificate of a private authority that signed that of the service',
  },
  {
    displayName: 'Test Address',
    name: 'testUrl',
    type: 'string',
    default: '',
    placeholder: 'https://api.example.com/v1/me',
    description: 'An address that answers whoever has these credentials; only the button Test uses it',
  },
]

/** '' where it is not set. */
export function field(credentials: ICredentialDataDecryptedObject, name: string): string {
  const value = credentials[name]
  return typeof value === 'string' ? value.trim() : ''
}

/** Puts the credentials into a request. */
export function authorise(
  credentials: ICredentialDataDecryptedObject,
  request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
  const headers = { ...request.headers }
  const agentOptions = { ...request.agentOptions }
  const authority = field(credentials, 'authority')
  if (authority !== '') agentOptions.ca = authority
  const authorised: IHttpRequestOptions = { ...request, headers, agentOptions }
  switch (field(credentials, 'method')) {
    case 'header':
      headers[field(credentials, 'headerName')] = field(credentials, 'headerValue')
      break
    case 'bearer':
      headers['Authorization'] = `Bearer ${field(credentials, 'token')}`
      break
    case 'basic':
      authorised.auth = { username: field(credentials, 'username'), password: field(credentials, 'password') }
      break
    case 'certificate':
      agentOptions.cert = field(credentials, 'certificate')
      agentOptions.key = field(credentials, 'privateKey')
      if (field(credentials, 'passphrase') !== '') agentOptions.passphrase = field(credentials, 'passphrase')
      break
  }
  return Promise.resolve(authorised)
}
