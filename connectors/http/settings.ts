import { isList, isObject, textOf, type DataRecord, type Value } from '../../shared/core/record/value'

export type Settings = Readonly<Record<string, Value>>

// The schema (spec.ts) has already refused what has another type; these turn `Value` into the type it stands for.

export function text(from: Settings, name: string): string | undefined {
  const value = from[name]
  return typeof value === 'string' ? value : undefined
}

export function number(from: Settings, name: string): number | undefined {
  const value = from[name]
  return typeof value === 'number' ? value : undefined
}

export function flag(from: Settings, name: string): boolean | undefined {
  const value = from[name]
  return typeof value === 'boolean' ? value : undefined
}

export function section(from: Settings, name: string): Settings | undefined {
  const value = from[name]
  return isObject(value) ? value : undefined
}

export function texts(from: Settings, name: string): string[] {
  const value = from[name]
  if (isList(value)) return value.map(textOf)
  return value === undefined ? [] : [textOf(value)]
}

/** Names with texts, such as headers and query parameters. */
export function table(from: Settings, name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(section(from, name) ?? {}).map(([key, value]) => [key, textOf(value)]),
  )
}

/** The settings of a stream: what the connection declares for it, under what the workflow says. */
export function streamSettings(
  connection: Settings,
  stream: string,
  use: 'read' | 'write',
  workflow: DataRecord,
): Settings {
  const declared = section(section(connection, 'streams') ?? {}, stream) ?? {}
  const path = text(declared, 'path')
  return { ...(path === undefined ? {} : { path }), ...section(declared, use), ...workflow }
}
