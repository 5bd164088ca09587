import type { Connector } from '../../shared/core/connector'
import { connection } from './connection'
import { spec } from './spec'

export const http: Connector = { spec, open: connection }
