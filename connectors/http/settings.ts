import { didYouMean } from '../../shared/core/definition/nearest'
import { Fault } from '../../shared/core/fault'
import { isList, textOf, type DataRecord } from '../../shared/core/record/value'
import { section, text } from '../../shared/core/settings'

/** A list of texts; one alone is a list of one. */
export function texts(from: DataRecord, name: string): string[] {
  const value = from[name]
  if (isList(value)) return value.map(textOf)
  return value === undefined ? [] : [textOf(value)]
}

/** Names with texts, such as headers and query parameters. */
export function table(from: DataRecord, name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(section(from, name) ?? {}).map(([key, value]) => [key, textOf(value)]),
  )
}

/** Declared headers; their names are the same in any case (RFC 9110, 5.1), so that one replaces a default. */
export function headers(from: DataRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table(from, 'headers')).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

/**
 * The settings of a stream: what the connection declares for it, under what the workflow says.
 * @throws Fault DEFINITION_INVALID where neither knows it: its requests would go to the base URL
 */
export function streamSettings(
  connection: DataRecord,
  stream: string,
  use: 'read' | 'write',
  workflow: DataRecord,
): DataRecord {
  const streams = section(connection, 'streams') ?? {}
  const declared = section(streams, stream) ?? {}
  const path = text(declared, 'path')
  if (
    !Object.hasOwn(streams, stream) &&
    Object.keys(streams).length > 0 &&
    text(workflow, 'path') === undefined
  ) {
    const message = `the connection has no stream ${stream}${didYouMean(stream, Object.keys(streams))}`
    throw new Fault('DEFINITION_INVALID', message, { stream })
  }
  return { ...(path === undefined ? {} : { path }), ...section(declared, use), ...workflow }
}
