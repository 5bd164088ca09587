import type { INodeCredentialDescription } from 'n8n-workflow'

/** Values by parameter. */
type Show = Record<string, string[]>

/** The credentials of a node with two sides, each shown where its parameters ask for it. */
export function credentialsOf(sides: {
  source: Show
  target: Show
  gateway: Show
}): INodeCredentialDescription[] {
  const { source, target, gateway } = sides
  return [
    shown('tieoutSourceApi', { ...source, sourceAuthentication: ['credential'] }),
    shown('tieoutSourceOAuth2Api', { ...source, sourceAuthentication: ['oAuth2'] }),
    shown('tieoutTargetApi', { ...target, targetAuthentication: ['credential'] }),
    shown('tieoutTargetOAuth2Api', { ...target, targetAuthentication: ['oAuth2'] }),
    shown('tieoutGatewayApi', gateway),
  ]
}

function shown(name: string, show: Show): INodeCredentialDescription {
  return { name, required: true, displayOptions: { show } }
}
