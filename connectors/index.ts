import type { Connector } from '../shared/core/connector'
import { csv } from './csv'
import { http } from './http'
import { json } from './json'
import { ndjson } from './ndjson'
import { postgres } from './postgres'
import { sqlite } from './sqlite'
import { xlsx } from './xlsx'
import { xml } from './xml'

/** The only list of connectors, in alphabetical order. */
const connectors: readonly Connector[] = [csv, http, json, ndjson, postgres, sqlite, xlsx, xml]

/** Every connector by its name. */
export const registry: Readonly<Record<string, Connector>> = Object.fromEntries(
  connectors.map((connector) => [connector.spec.name, connector]),
)
