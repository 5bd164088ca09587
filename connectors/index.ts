import type { Connector } from '../shared/core/connector'

/** The registry: the only list of connectors, in alphabetical order. */
export const connectors: readonly Connector[] = []
