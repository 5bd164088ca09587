import type { ICredentialType, INodeProperties } from 'n8n-workflow'
import { oAuth2Properties } from './oauth2-properties'

export class TieoutSourceOAuth2Api implements ICredentialType {
  name = 'tieoutSourceOAuth2Api'

  extends = ['oAuth2Api']

  displayName = 'Tieout Source OAuth2 API'

  icon = { light: 'file:../icons/tieout.svg', dark: 'file:../icons/tieout.dark.svg' } as const

  documentationUrl = 'https://github.com/tieout/tieout/blob/main/n8n/README.md#credentials'

  properties: INodeProperties[] = oAuth2Properties
}
