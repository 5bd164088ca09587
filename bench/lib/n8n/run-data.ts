/** What n8n keeps of one execution, as far as tests and benches read it. */
export interface Execution {
  id: string
  status: string
  data: {
    resultData: {
      error?: { message: string; description?: string }
      runData: Record<string, NodeRun[]>
    }
  }
}

export interface NodeRun {
  executionTime: number
  executionStatus: string
  hints?: { message: string }[]
  error?: { message: string; description?: string }
  data?: { main: (Item[] | null)[] }
}

export interface Item {
  json: Record<string, unknown>
  pairedItem?: unknown
  binary?: Record<string, { id?: string; data: string; mimeType: string; fileName: string }>
  error?: unknown
}

export function isExecution(value: unknown): value is Execution {
  return typeof value === 'object' && value !== null && 'status' in value && 'data' in value
}

/** n8n keeps run data as a list of values, in which a text within a value is the place of another value. */
export function unflatten(text: string): unknown {
  const values: unknown = JSON.parse(text)
  if (!Array.isArray(values)) return values
  const list: unknown[] = values
  const done = new Map<number, unknown>()
  const at = (place: number): unknown => {
    if (done.has(place)) return done.get(place)
    const value = list[place]
    if (typeof value !== 'object' || value === null) return value
    const copy: object = Array.isArray(value) ? [] : {}
    done.set(place, copy)
    for (const [name, part] of Object.entries(value)) {
      Reflect.set(copy, name, typeof part === 'string' ? at(Number(part)) : part)
    }
    return copy
  }
  return at(0)
}

/** The items of one output in the last run of a node. */
export function output({ data }: Execution, node: string, index = 0): Item[] {
  return data.resultData.runData[node]?.at(-1)?.data?.main[index] ?? []
}

/** A workflow as n8n imports it. */
export interface Workflow {
  id: string
  name: string
  nodes: Node[]
  /** By node and kind of wire: for each output the inputs that it leads to. */
  connections: Record<string, Record<string, ({ node: string; type: string; index: number }[] | null)[]>>
  settings: { executionOrder: 'v1' }
}

export interface Node {
  id: string
  name: string
  type: string
  typeVersion: number
  position: [number, number]
  parameters: Record<string, unknown>
  [setting: string]: unknown
}

/** What n8n's resource mapper holds. @param rows without them every field keeps its name */
export function mapping(key: readonly string[], rows?: Readonly<Record<string, unknown>>): object {
  return {
    mappingMode: rows ? 'defineBelow' : 'autoMapInputData',
    value: rows ?? null,
    matchingColumns: key,
    schema: [],
  }
}

/**
 * Nodes in a row or as the wires say: 'Start > A', 'A:1 > B:1' for the second output and input; 'Tool > Agent > ai_tool'
 * for another kind of wire.
 */
export function workflow(
  id: string,
  nodes: readonly (Pick<Node, 'name' | 'type'> & Partial<Node>)[],
  wires: readonly string[],
): Workflow {
  const connections: Workflow['connections'] = {}
  for (const wire of wires) {
    const [from = '', to = '', type = 'main'] = wire.split(' > ')
    const [name = '', output = '0'] = from.split(':')
    const [node = '', index = '0'] = to.split(':')
    const outputs = ((connections[name] ??= {})[type] ??= [])
    for (let at = outputs.length; at <= Number(output); at++) outputs.push([])
    outputs[Number(output)]?.push({ node, type, index: Number(index) })
  }
  return {
    id,
    name: id,
    nodes: nodes.map((node, at) => ({
      id: `${id}-${at}`,
      typeVersion: 1,
      position: [at * 220, 0],
      parameters: {},
      ...node,
    })),
    connections,
    settings: { executionOrder: 'v1' },
  }
}
