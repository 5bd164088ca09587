import { stringify } from 'yaml'
import type { Value } from '../../shared/core/record/value'
import type { Endpoint } from './detect'
import type { Draft } from './workflow'

export interface DefinitionParts {
  workflow: string
  source: Endpoint
  target: Endpoint
  streams: { source: string; target: string }
  mode: string
  draft: Draft
  /** Relative to the definition; absent when nothing is known of the records. */
  schemaFile: string | undefined
}

/** The text of a new definition, and the secrets that it refers to. */
export function definitionText(parts: DefinitionParts): { text: string; secrets: Record<string, string> } {
  const { source, target, draft } = parts
  const secrets: Record<string, string> = {}
  const names = connectionNames(source, target)
  const connections = {
    [names.source]: connection(names.source, source, secrets),
    [names.target]: connection(names.target, target, secrets),
  }
  const workflow = {
    ...(parts.schemaFile === undefined ? {} : { schema: `./${parts.schemaFile}` }),
    key: draft.key ?? ['CHANGE_ME'],
    source: { connection: names.source, stream: parts.streams.source },
    target: { connection: names.target, stream: parts.streams.target },
    ...(draft.map ? { map: draft.map } : {}),
    sync: { mode: parts.mode },
  }
  const definition = { tieout: 1, connections, workflows: { [parts.workflow]: workflow } }
  return { text: stringify(definition, { lineWidth: 0 }), secrets }
}

/** The connector's name, with its side where both ends are of one kind and differ. */
function connectionNames(source: Endpoint, target: Endpoint): { source: string; target: string } {
  if (source.connector !== target.connector) return { source: source.connector, target: target.connector }
  if (JSON.stringify(source.settings) === JSON.stringify(target.settings)) {
    return { source: source.connector, target: source.connector }
  }
  return { source: `${source.connector}-source`, target: `${target.connector}-target` }
}

/** Addresses that hold a password go to the secrets file. */
function connection(
  name: string,
  { connector, settings }: Endpoint,
  secrets: Record<string, string>,
): object {
  const entries = Object.entries(settings).map(([setting, value]): [string, Value] => {
    if (typeof value !== 'string' || !/:\/\/[^/@]*:[^/@]+@/.test(value)) return [setting, value]
    const variable = `${name}_${setting}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
    secrets[variable] = value
    return [setting, `\${${variable}}`]
  })
  return { connector, ...Object.fromEntries(entries) }
}
