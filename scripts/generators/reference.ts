import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { registry } from '../../connectors'
import { errors, type ErrorEntry } from '../../shared/contract/errors'
import schema from '../../shared/contract/definition.schema.json'
import type { ConnectorSpec } from '../../shared/core/connector'
import { isList, isObject, textOf, type Value } from '../../shared/core/record/value'
import { table } from './markdown'

const FOLDER = 'docs/reference'

/** docs/reference: what the specs, the catalogue and the schema say, for people. */
export async function reference(): Promise<string> {
  const files = {
    'connectors.md': connectorsPage(),
    'errors.md': errorsPage(),
    'definition.md': definitionPage(),
  }
  for (const [name, text] of Object.entries(files)) {
    const path = join(FOLDER, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `<!-- Made by npm run generate. Do not edit. -->\n\n${text.trim()}\n`)
  }
  return Object.keys(files)
    .map((name) => `${FOLDER}/${name}`)
    .join(' ')
}

function connectorsPage(): string {
  const specs = Object.values(registry).map(({ spec }) => spec)
  const rows = specs.map(({ name, title, reads, writes, incremental, modes }) => [
    `[${name}](#${name})`,
    title,
    reads ? (incremental ? 'whole or only what changed' : 'whole') : 'no',
    writes ? modes.join(', ') : 'no',
  ])
  return [
    '# Connectors',
    table(['connector', 'system', 'reads', 'writes in mode'], rows),
    ...specs.map(connectorSection),
  ].join('\n\n')
}

function connectorSection(spec: ConnectorSpec): string {
  return [
    `## ${spec.name}`,
    `${spec.title}. ${spec.summary} More: [connectors/${spec.name}](../../connectors/${spec.name}/README.md).`,
    `\`\`\`yaml\n${spec.example.trim()}\n\`\`\``,
    ...settings('Connection', spec.settings),
    ...settings('Source', spec.sourceSettings),
    ...settings('Target', spec.targetSettings),
  ].join('\n\n')
}

function settings(title: string, schema: Value): string[] {
  const rows = members(schema, '')
  return rows.length === 0 ? [] : [`### ${title}`, table(['setting', 'type', 'what it is'], rows)]
}

/** One row per setting; those within a setting follow it, with its name before theirs. */
function members(schema: Value, prefix: string): string[][] {
  const properties = part(schema, 'properties')
  if (!isObject(properties)) return []
  const required = part(schema, 'required')
  return Object.entries(properties).flatMap(([name, member]) => {
    const marks = [
      isList(required) && required.includes(name) ? '**needed**' : '',
      part(member, 'secret') === true ? 'secret' : '',
    ].filter((mark) => mark !== '')
    const title = sentence(textOf(part(member, 'title')))
    const about = [title, sentence(textOf(part(member, 'description'))), ...marks.map(sentence)]
    const row = [`\`${prefix}${name}\``, typeOf(member), about.filter((text) => text !== '').join(' ')]
    return [row, ...members(member, `${prefix}${name}.`)]
  })
}

function typeOf(schema: Value): string {
  const choice = part(schema, 'enum')
  if (isList(choice)) return choice.map((value) => `\`${visible(textOf(value))}\``).join(' ')
  const type = part(schema, 'type')
  if (isList(type)) return type.map(textOf).join(' or ')
  const options = part(schema, 'oneOf') ?? part(schema, 'anyOf')
  if (isList(options)) return [...new Set(options.map(typeOf))].join(' or ')
  return textOf(type)
}

/** Line ends as people write them in a program. */
function visible(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')
}

/** Markdown takes <name> for HTML. */
function plain(text: string): string {
  return text.replaceAll('<', '&lt;')
}

function errorsPage(): string {
  const entries = Object.entries<ErrorEntry>(errors).sort(([, one], [, other]) => one.number - other.number)
  return [
    '# Errors',
    'Every message of Tieout carries one of these codes.',
    ...entries.map(errorSection),
  ].join('\n\n')
}

const THEN: Readonly<Record<ErrorEntry['then'], string>> = {
  reject: 'The record becomes an exception; the run goes on.',
  bisect: 'The run splits the batch to find the records at fault.',
  wait: 'The run waits and tries again; no record is blamed.',
  verify: 'The run reads back what was written, then repeats with the same key.',
  stop: 'The run ends and says why.',
}

function errorSection([code, { number, title, owner, then, causes, steps }]: [string, ErrorEntry]): string {
  return [
    `## ${code}`,
    `${number}. **${sentence(title)}** Fixed by: ${who(owner)}. ${THEN[then]}`,
    table(
      ['likely cause', 'check'],
      causes.map(({ cause, check }) => [plain(cause), plain(check)]),
    ),
    steps
      .map((step, at) => `${at + 1}. ${who(step.who)}: ${plain(step.do)} Check: ${plain(step.verify)}`)
      .join('\n'),
  ].join('\n\n')
}

function who(name: string): string {
  return name.replaceAll('-', ' ')
}

function definitionPage(): string {
  const { $defs } = schema
  const { workflow, source, target, sync, reconcile, exceptions } = $defs
  const { matchRule, keyField, compareRule, dimension, measure } = $defs
  const parts = {
    workflow,
    source,
    target,
    sync,
    reconcile,
    'match rule': matchRule,
    'key field': keyField,
    'compare rule': compareRule,
    dimension,
    measure,
    exceptions,
  }
  return [
    '# The definition file',
    sentence(schema.description),
    table(['part', 'what it is', 'example'], definitionRows(schema, '')),
    ...Object.entries(parts).flatMap(([name, part]) => [
      `## ${name}`,
      sentence(part.description),
      table(['part', 'what it is', 'example'], definitionRows(part, '')),
    ]),
  ].join('\n\n')
}

function definitionRows(node: Value, prefix: string): string[][] {
  const choices = part(node, 'anyOf')
  if (isList(choices)) return choices.flatMap((choice) => definitionRows(choice, prefix))
  const properties = part(node, 'properties')
  if (!isObject(properties)) return []
  return Object.entries(properties).flatMap(([name, member]) => {
    const whole = { ...resolved(member), ...(isObject(member) ? member : {}) }
    const examples = part(whole, 'examples')
    const example = isList(examples) ? examples.map((value) => `\`${JSON.stringify(value)}\``).join(' ') : ''
    const row = [`\`${prefix}${name}\``, sentence(textOf(part(whole, 'description'))), example]
    const inner =
      isObject(member) && part(member, '$ref') === undefined
        ? definitionRows(member, `${prefix}${name}.`)
        : []
    return [row, ...inner]
  })
}

function resolved(member: Value): { readonly [keyword: string]: Value } {
  const defs: Value = schema.$defs
  const found = part(defs, textOf(part(member, '$ref')).replace('#/$defs/', ''))
  return isObject(found) ? found : {}
}

function part(value: Value | undefined, name: string): Value | undefined {
  return isObject(value) ? value[name] : undefined
}

function sentence(text: string): string {
  return text === '' || /[.!?:]$/.test(text) ? text : `${text}.`
}
