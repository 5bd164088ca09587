import type { Connector } from '../shared/core/connector'
import { http } from './http'
import { postgres } from './postgres'

/** The only list of connectors, in alphabetical order. */
const connectors: readonly Connector[] = [http, postgres]

/** Every connector by its name. */
export const registry: Readonly<Record<string, Connector>> = Object.fromEntries(
  connectors.map((connector) => [connector.spec.name, connector]),
)
