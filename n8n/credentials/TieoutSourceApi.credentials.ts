import type { IAuthenticate, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow'
import { authorise, httpProperties } from './http-properties'

export class TieoutSourceApi implements ICredentialType {
  name = 'tieoutSourceApi'

  displayName = 'Tieout Source API'

  icon = { light: 'file:../icons/tieout.svg', dark: 'file:../icons/tieout.dark.svg' } as const

  documentationUrl = 'https://github.com/tieout/tieout/blob/main/n8n/README.md#credentials'

  properties: INodeProperties[] = httpProperties

  authenticate: IAuthenticate = authorise

  test: ICredentialTestRequest = { request: { baseURL: '={{$credentials.testUrl}}', url: '' } }
}
