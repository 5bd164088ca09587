import type { DataRecord } from '../record/value'
import type { Workflow } from '../workflow'

/** A definition file, valid and with every default and every secret filled in. */
export interface Definition {
  connections: ReadonlyMap<string, ConnectionDefinition>
  workflows: ReadonlyMap<string, Workflow>
}

export interface ConnectionDefinition {
  name: string
  /** Name of a connector of the registry. */
  connector: string
  /** Valid by the connector's `spec.settings`. */
  settings: DataRecord
}
