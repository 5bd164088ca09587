import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Scalar,
} from 'yaml'
import type { Path } from '../../core/definition/path'
import { exactNumber } from '../../core/record/decimal'
import type { Value } from '../../core/record/value'

/** A YAML or JSON text with the lines of everything in it. */
export interface ParsedText {
  value: Value
  /** Line from 1 of the name or list item at a path, or of the nearest one around it that is there. */
  line(path: Path): number
  /** Why the text is not YAML; `value` is then null. */
  problems: { line: number; message: string }[]
}

// Characters of private use stand for `${` and `}` while the text is parsed: `{ url: ${ERP_URL} }` would otherwise
// end the mapping at the first brace. One for one, so that lines and columns stay what they are.
const OPEN = '\ue000\ue001'
const CLOSE = '\ue002'
const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g
const PROTECTED = new RegExp(`${OPEN}([A-Za-z_][A-Za-z0-9_]*)${CLOSE}`, 'g')

/** Of YAML 1.1 alone; it would be told as a part that nobody knows, and all that it brings as missing. */
const MERGE = 'merges a part by <<, which is not read; write its lines out, or repeat a whole part by *name'

/** Aliases may repeat a part; more than this is an attack or a mistake. */
const MAX_ALIASES = 100

export function parseText(text: string): ParsedText {
  const lines = new LineCounter()
  const document = parseDocument(toDocumentText(text), { lineCounter: lines })
  const lineAt = (offset: number): number => lines.linePos(offset).line
  const problems = document.errors.map(({ code, pos, message }) => ({
    line: lineAt(pos[0]),
    message:
      code === 'MULTIPLE_DOCS'
        ? 'begins a second document (---); one is read'
        : `is not YAML: ${toYamlText(message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`,
  }))
  const aliases = countAliases(document)
  if (aliases > MAX_ALIASES)
    problems.push({ line: 1, message: `has ${aliases} aliases; at most ${MAX_ALIASES} are read` })
  for (const { range, source } of aliasesWithin(document))
    problems.push({ line: lineAt(range?.[0] ?? 0), message: `puts &${source} into itself by *${source}` })
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '<<')
        problems.push({ line: lineAt(key.range?.[0] ?? 0), message: MERGE })
    },
  })
  const readable = problems.length === 0
  return {
    value: readable ? valueOf(document.contents, document) : null,
    line: (path) => (readable ? lineOf(document, path, lineAt) : 1),
    problems,
  }
}

/** The text with its references put so that YAML reads over them; `toYamlText` puts them back. */
export function toDocumentText(text: string): string {
  return text.replace(REFERENCE, `${OPEN}$1${CLOSE}`)
}

/** Aliases that stand in what they repeat: it would have no end. */
function aliasesWithin(document: Document.Parsed): Alias[] {
  const within: Alias[] = []
  visit(document, {
    Alias: (_, alias, path) => {
      if (path.some((around) => isNode(around) && 'anchor' in around && around.anchor === alias.source))
        within.push(alias)
    },
  })
  return within
}

function countAliases(document: Document.Parsed): number {
  let count = 0
  visit(document, {
    Alias: () => {
      count++
    },
  })
  return count
}

export function toYamlText(text: string): string {
  return text.replace(PROTECTED, '${$1}')
}

function valueOf(node: unknown, document: Document.Parsed): Value {
  if (isAlias(node)) return valueOf(node.resolve(document), document)
  if (isSeq(node)) return node.items.map((item) => valueOf(item, document))
  if (isMap(node)) {
    const fields = node.items.map(({ key, value }): [string, Value] => [
      nameOf(key),
      valueOf(value, document),
    ])
    return Object.fromEntries(fields)
  }
  return isScalar(node) ? scalar(node) : null
}

function scalar({ value, source }: Scalar): Value {
  if (typeof value === 'string') return toYamlText(value)
  // a number keeps the digits that stand in the file
  if (typeof value === 'number') return exactNumber(source ?? '') ?? value
  return typeof value === 'boolean' ? value : null
}

function nameOf(key: unknown): string {
  return isScalar(key) ? toYamlText(String(key.source ?? key.value)) : String(key)
}

function lineOf(document: Document.Parsed, path: Path, lineAt: (offset: number) => number): number {
  let node: unknown = document.contents
  let line = 1
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => nameOf(key) === String(step))
      if (!pair) return line
      line = startOf(pair.key, lineAt) ?? line
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      line = startOf(node, lineAt) ?? line
    } else return line
  }
  return line
}

function startOf(node: unknown, lineAt: (offset: number) => number): number | undefined {
  const range = isNode(node) ? node.range : undefined
  return range ? lineAt(range[0]) : undefined
}

function isNode(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)
}
