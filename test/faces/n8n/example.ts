import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Workflow } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import type { Credentials } from './nodes'

const FOLDER = join(__dirname, '../../../n8n/examples')

export interface Imported {
  /** In the place of `https://<host>.example.com`. */
  hosts?: Readonly<Record<string, string>>
  /** In the place of the credential that the example leaves open. */
  credentials?: Credentials
}

/** An example as it is imported. */
export function example(name: string, { hosts = {}, credentials }: Imported = {}): Workflow {
  let text = readFileSync(join(FOLDER, `${name}.json`), 'utf8')
  for (const [host, url] of Object.entries(hosts)) text = text.replaceAll(`https://${host}.example.com`, url)
  const imported: unknown = JSON.parse(text)
  if (!isWorkflow(imported)) throw new Error('the example is no workflow')
  for (const node of imported.nodes)
    if (node.credentials) node.credentials = asked(node.credentials, credentials)
  return imported
}

/** Of the credentials, those that the node has a place for. */
function asked(open: unknown, credentials: Credentials = {}): Credentials {
  return Object.fromEntries(Object.entries(credentials).filter(([type]) => member(open, type) !== undefined))
}

/** Without what would start it by itself, other than the run that is looked at. */
export function byHand(imported: Workflow): Workflow {
  const nodes = imported.nodes.filter(
    ({ type }) => !type.endsWith('Trigger') || type.endsWith('manualTrigger'),
  )
  const names = new Set(nodes.map(({ name }) => name))
  const connections = Object.entries(imported.connections).filter(([from]) => names.has(from))
  return { ...imported, nodes, connections: Object.fromEntries(connections) }
}

function isWorkflow(value: unknown): value is Workflow {
  return Array.isArray(member(value, 'nodes')) && typeof member(value, 'connections') === 'object'
}
