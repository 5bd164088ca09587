import type { Driver } from '../driver'
import { driver as csv } from './csv'
import { driver as http } from './http'
import { driver as json } from './json'
import { driver as ndjson } from './ndjson'
import { driver as postgres } from './postgres'
import { driver as sqlite } from './sqlite'
import { driver as xlsx } from './xlsx'
import { driver as xml } from './xml'

/** The driver of every connector, by the connector's name. */
export const drivers: Readonly<Record<string, Driver>> = {
  csv,
  http,
  json,
  ndjson,
  postgres,
  sqlite,
  xlsx,
  xml,
}
