import { GatewayClient } from '../../shared/core/client/client'
import { clock } from './clock'
import { httpOf, type Host } from './http'
import { signer } from './signer'

export const GATEWAY_CREDENTIAL = 'tieoutGatewayApi'

/** A client of the gateway that the node's credential names; n8n puts the credential into each request. */
export async function gatewayOf(node: Host): Promise<GatewayClient> {
  const { url } = await node.getCredentials(GATEWAY_CREDENTIAL)
  return new GatewayClient({
    url: typeof url === 'string' ? url.trim() : '',
    http: httpOf(node, GATEWAY_CREDENTIAL).open({}),
    auth: { by: 'none' },
    ports: { clock, signer },
  })
}
