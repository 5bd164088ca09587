import { http } from '../../../connectors/http'
import type { Connection, Traffic } from '../../../shared/core/connector'
import type { Ports } from '../../../shared/core/ports'
import { httpOf } from '../../host/http'
import type { Configured } from '../../host/parameters'
import { filled, type ApiSide } from './declared'

export function openApi(
  { baseUrl, credential, headers, rate, concurrency }: ApiSide,
  node: Configured,
  ports: Ports,
  traffic: Traffic,
): Promise<Connection> {
  return http.open({
    name: new URL(baseUrl).host,
    settings: { baseUrl, headers, concurrency, ...filled({ rate }) },
    ports: { ...ports, http: httpOf(node, credential) },
    traffic,
  })
}
