import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow'
import { gatewayOf } from '../../host/gateway'

/** The workflows that the credential may use. */
export async function searchWorkflows(
  this: ILoadOptionsFunctions,
  filter = '',
): Promise<INodeListSearchResult> {
  const gateway = await gatewayOf(this)
  const results: INodeListSearchResult['results'] = []
  for await (const { name, title } of gateway.items('listWorkflows', {})) {
    const shown = title === name ? name : `${title} (${name})`
    if (shown.toLowerCase().includes(filter.toLowerCase())) results.push({ name: shown, value: name })
  }
  return { results }
}
