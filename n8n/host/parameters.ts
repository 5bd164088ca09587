import type {
  GenericValue,
  IExecuteFunctions,
  IGetNodeParameterOptions,
  ILoadOptionsFunctions,
} from 'n8n-workflow'
import { isDuration } from '../../shared/core/definition/units'
import { isObject, isValue, type DataRecord } from '../../shared/core/record/value'
import { names, text } from '../../shared/core/settings'
import { unusable } from './errors'

// What n8n's parameters hold, in the types of the core.

/** 'sku, location', a list of names, or the one number or the list of them that an expression gave. */
export function list(value: unknown): string[] {
  const parts: unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',')
      : [value]
  return parts
    .map((part) => (typeof part === 'string' || typeof part === 'number' ? String(part).trim() : ''))
    .filter((part) => part !== '')
}

/** A collection. */
export function record(value: unknown): DataRecord {
  return isValue(value) && isObject(value) ? { ...value } : {}
}

/** The entries of a fixed collection with multiple values. */
export function rows(value: unknown, name: string): DataRecord[] {
  const entries = record(value)[name]
  return Array.isArray(entries) ? entries.map(record) : []
}

/** What was chosen of a few words. */
export function words<T extends string>(from: DataRecord, name: string, known: readonly T[]): T[] {
  const chosen = names(from, name) ?? []
  return known.filter((word) => chosen.includes(word))
}

/** The value of a parameter with options; its first one where a workflow holds another. */
export function oneOf<T extends string>(value: unknown, options: readonly [T, ...T[]]): T {
  return options.find((option) => option === value) ?? options[0]
}

/** A node that runs, or whose parameters somebody fills in. */
export type Configured = IExecuteFunctions | ILoadOptionsFunctions

/**
 * An option that holds a time such as 15m; the fallback where it is not filled in.
 * @param title what the person who fills it in sees
 * @throws NodeOperationError
 */
export function duration(
  node: Configured,
  from: DataRecord,
  [name, title]: readonly [name: string, title: string],
  fallback: string,
): string {
  const given = text(from, name)?.trim() ?? ''
  if (given === '' || isDuration(given)) return given === '' ? fallback : given
  throw unusable(
    node.getNode(),
    `${title} is '${given}', which is no time`,
    'Give a number and its unit without a space between: 500ms, 30s, 15m, 2h or 1d.',
  )
}

/** A parameter as it is for the first item. */
export function parameter(
  node: Configured,
  name: string,
  fallback: GenericValue,
  options?: IGetNodeParameterOptions,
): unknown {
  return 'getCurrentNodeParameter' in node
    ? node.getNodeParameter(name, fallback, options)
    : node.getNodeParameter(name, 0, fallback, options)
}

/** A parameter that holds a text; '' where it is not set. */
export function textParameter(node: Configured, name: string): string {
  const value = parameter(node, name, '')
  return typeof value === 'string' ? value.trim() : ''
}
