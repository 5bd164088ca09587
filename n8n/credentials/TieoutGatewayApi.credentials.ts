import type {
  IAuthenticate,
  ICredentialDataDecryptedObject,
  ICredentialTestRequest,
  ICredentialType,
  IDataObject,
  IHttpRequestHelper,
  INodeProperties,
} from 'n8n-workflow'
import { authorise, field, httpProperties } from './http-properties'

const NO_GATEWAY =
  'What answers at this address is no Tieout gateway. Give the address that tieout serve prints, without a path.'

export class TieoutGatewayApi implements ICredentialType {
  name = 'tieoutGatewayApi'

  displayName = 'Tieout Gateway API'

  icon = { light: 'file:../icons/tieout.svg', dark: 'file:../icons/tieout.dark.svg' } as const

  documentationUrl = 'https://github.com/tieout/tieout/blob/main/n8n/README.md#credentials'

  properties: INodeProperties[] = [
    {
      displayName: 'Gateway URL',
      name: 'url',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'https://tieout.example.com',
    },
    {
      displayName: 'Method',
      name: 'method',
      type: 'options',
      options: [
        { name: 'API Key', value: 'header' },
        { name: 'Basic', value: 'basic' },
        { name: 'Client Certificate', value: 'certificate' },
        { name: 'OAuth2 Client Credentials', value: 'clientCredentials' },
      ],
      default: 'header',
    },
    {
      displayName: 'API Key',
      name: 'apiKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      displayOptions: { show: { method: ['header'] } },
    },
    {
      displayName: 'Client',
      name: 'username',
      type: 'string',
      default: '',
      displayOptions: { show: { method: ['basic', 'clientCredentials'] } },
    },
    {
      displayName: 'Client Secret',
      name: 'password',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      displayOptions: { show: { method: ['basic', 'clientCredentials'] } },
    },
    {
      displayName: 'Session Token',
      name: 'token',
      type: 'hidden',
      typeOptions: { expirable: true, password: true },
      default: '',
    },
    ...httpProperties.filter(({ name }) =>
      ['certificate', 'privateKey', 'passphrase', 'authority'].includes(name),
    ),
  ]

  /** Gets a token from the gateway (RFC 6749, 4.4); n8n keeps it and asks anew after a 401. */
  async preAuthentication(
    this: IHttpRequestHelper,
    credentials: ICredentialDataDecryptedObject,
  ): Promise<IDataObject> {
    if (credentials['method'] !== 'clientCredentials') return {}
    const request = await authorise(
      { ...credentials, method: 'basic' },
      {
        method: 'POST',
        url: `${baseUrl(credentials)}/oauth/token`,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials',
        json: true,
      },
    )
    const answer: unknown = await this.helpers.httpRequest(request)
    const known = typeof answer === 'object' && answer !== null && 'access_token' in answer
    return known ? { token: String(answer.access_token) } : {}
  }

  authenticate: IAuthenticate = (credentials, request) => {
    const method = field(credentials, 'method')
    return authorise(
      {
        ...credentials,
        method: method === 'clientCredentials' ? 'bearer' : method,
        headerName: 'X-API-Key',
        headerValue: field(credentials, 'apiKey'),
      },
      request,
    )
  }

  test: ICredentialTestRequest = {
    request: { baseURL: '={{$credentials.url}}', url: '/v1/caller' },
    rules: [
      {
        type: 'responseCode',
        properties: {
          value: 401,
          message:
            'The gateway does not know these credentials. Copy them again, or have new ones made there: tieout keys create',
        },
      },
      { type: 'responseCode', properties: { value: 404, message: NO_GATEWAY } },
    ],
  }
}

function baseUrl(credentials: ICredentialDataDecryptedObject): string {
  return field(credentials, 'url').replace(/\/+$/, '')
}
