import type { Connector } from '../shared/core/connector'
import { http } from './http'

/** The only list of connectors, in alphabetical order. */
const connectors: readonly Connector[] = [http]

/** Every connector by its name. */
export const registry: Readonly<Record<string, Connector>> = Object.fromEntries(
  connectors.map((connector) => [connector.spec.name, connector]),
)
