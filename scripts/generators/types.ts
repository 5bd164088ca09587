// JSON Schema -> TypeScript, for the part of JSON Schema that the contract uses.

export interface SchemaNode {
  $ref?: string
  $defs?: Record<string, SchemaNode>
  title?: string
  description?: string
  type?: string | string[]
  const?: string | number | boolean
  enum?: (string | number | boolean | null)[]
  anyOf?: SchemaNode[]
  properties?: Record<string, SchemaNode>
  required?: string[]
  additionalProperties?: boolean | SchemaNode
  items?: SchemaNode
  /** A hand-written type that says more than the schema. */
  tsType?: string
}

/** Declarations of the schema and of what it uses of its `$defs`; those named are exported. */
export function declarations(name: string, schema: SchemaNode, exported: readonly string[]): string {
  const parts = Object.entries(schema.$defs ?? {}).map(([def, node]) => ({ name: typeName(def), node }))
  const all = [{ name, node: schema }, ...parts].map(({ name, node }) => ({
    name,
    text: `${comment(node.description, '')}${exported.includes(name) ? 'export ' : ''}${declaration(name, node)}`,
  }))
  const isUsed = (name: string): boolean =>
    all.some((other) => other.name !== name && new RegExp(`\\b${name}\\b`).test(other.text))
  return all
    .filter(({ name }) => exported.includes(name) || isUsed(name))
    .map(({ text }) => text)
    .join('\n')
}

function declaration(name: string, node: SchemaNode): string {
  const type = typeOf(node)
  return type.startsWith('{') ? `interface ${name} ${type}\n` : `type ${name} = ${type}\n`
}

function typeOf(node: SchemaNode): string {
  if (node.tsType !== undefined) return node.tsType
  if (node.$ref !== undefined) return typeName(node.$ref.split('/').at(-1) ?? '')
  if (node.const !== undefined) return literal(node.const)
  if (node.enum) return node.enum.map(literal).join(' | ')
  if (node.anyOf) return node.anyOf.map(typeOf).join(' | ')
  if (Array.isArray(node.type)) return node.type.map((type) => typeOf({ ...node, type })).join(' | ')
  switch (node.type) {
    case 'array':
      return `readonly (${typeOf(node.items ?? {})})[]`
    case 'object':
      return objectType(node)
    case 'integer':
      return 'number'
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return node.type
    case undefined:
    default:
      return 'Value'
  }
}

function objectType(node: SchemaNode): string {
  const rest = node.additionalProperties
  if (!node.properties)
    return typeof rest === 'object' ? `Readonly<Record<string, ${typeOf(rest)}>>` : 'DataRecord'
  const fields = Object.entries(node.properties).map(([name, field]) => {
    const optional = node.required?.includes(name) === true ? '' : '?'
    return `${comment(field.description, '  ')}  ${name}${optional}: ${typeOf(field)}\n`
  })
  if (rest === true) fields.push('  [setting: string]: Value | undefined\n')
  return `{\n${fields.join('')}}`
}

function typeName(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Entry`
}

function literal(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

function comment(text: string | undefined, indent: string): string {
  return text === undefined ? '' : `${indent}/** ${text} */\n`
}
