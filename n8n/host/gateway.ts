import { GatewayClient } from '../../shared/core/client/client'
import { clock } from './clock'
import { unusable } from './errors'
import { httpOf, type Host } from './http'
import { signer } from './signer'

export const GATEWAY_CREDENTIAL = 'tieoutGatewayApi'

/** A client of the gateway that the node's credential names; n8n puts the credential into each request. */
export async function gatewayOf(node: Host): Promise<GatewayClient> {
  const { url } = await node.getCredentials(GATEWAY_CREDENTIAL)
  const address = typeof url === 'string' ? url.trim() : ''
  if (!/^https?:\/\/[^/]/i.test(address))
    // not repeated: it may be what belongs into another field
    throw unusable(
      node.getNode(),
      'The URL of the credential is no address',
      'Give the whole address of the gateway, such as https://tieout.example.com.',
    )
  return new GatewayClient({
    url: address,
    http: httpOf(node, GATEWAY_CREDENTIAL).open({}),
    auth: { by: 'none' },
    ports: { clock, signer },
  })
}
