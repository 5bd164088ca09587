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

/** The name in TypeScript of a schema that is referred to. */
export type NameOf = (name: string) => string

/** Declarations of the schema and of what it uses of its `$defs`; those named are exported. */
export function declarations(name: string, schema: SchemaNode, exported: readonly string[]): string {
  const nameOf = entryName
  const parts = Object.entries(schema.$defs ?? {}).map(([def, node]) => ({ name: nameOf(def), node }))
  const all = [{ name, node: schema }, ...parts].map(({ name, node }) => ({
    name,
    text: declaration(name, node, { exported: exported.includes(name), nameOf }),
  }))
  const isUsed = (name: string): boolean =>
    all.some((other) => other.name !== name && new RegExp(`\\b${name}\\b`).test(other.text))
  return all
    .filter(({ name }) => exported.includes(name) || isUsed(name))
    .map(({ text }) => text)
    .join('\n')
}

/** One named type, with its description. */
export function declaration(
  name: string,
  node: SchemaNode,
  { exported, nameOf }: { exported: boolean; nameOf: NameOf },
): string {
  const type = typeOf(node, nameOf)
  const declared = type.startsWith('{') ? `interface ${name} ${type}\n` : `type ${name} = ${type}\n`
  return `${comment(node.description, '')}${exported ? 'export ' : ''}${declared}`
}

/** The type of what fits the schema. */
export function typeOf(node: SchemaNode, nameOf: NameOf): string {
  if (node.tsType !== undefined) return node.tsType
  if (node.$ref !== undefined) return nameOf(node.$ref.split('/').at(-1) ?? '')
  if (node.const !== undefined) return literal(node.const)
  if (node.enum) return node.enum.map(literal).join(' | ')
  if (node.anyOf) return node.anyOf.map((one) => typeOf(one, nameOf)).join(' | ')
  if (Array.isArray(node.type)) return node.type.map((type) => typeOf({ ...node, type }, nameOf)).join(' | ')
  switch (node.type) {
    case 'array':
      return `readonly (${typeOf(node.items ?? {}, nameOf)})[]`
    case 'object':
      return objectType(node, nameOf)
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

function objectType(node: SchemaNode, nameOf: NameOf): string {
  const rest = node.additionalProperties
  if (!node.properties)
    return typeof rest === 'object' ? `Readonly<Record<string, ${typeOf(rest, nameOf)}>>` : 'DataRecord'
  const fields = Object.entries(node.properties).map(([name, field]) => {
    const optional = node.required?.includes(name) === true ? '' : '?'
    return `${comment(field.description, '  ')}  ${propertyName(name)}${optional}: ${typeOf(field, nameOf)}\n`
  })
  if (rest === true) fields.push('  [setting: string]: Value | undefined\n')
  return `{\n${fields.join('')}}`
}

function entryName(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Entry`
}

function propertyName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`
}

function literal(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

function comment(text: string | undefined, indent: string): string {
  return text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n`
}
