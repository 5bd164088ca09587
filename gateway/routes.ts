import { closest, distance } from 'fastest-levenshtein'
import { operations } from '../shared/contract/operations'

/** The router's way of writing a path of the contract. */
export function routeOf(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

/** Fixed parts before parameters, as the router prefers them. */
const addresses = Object.values(operations)
  .map(({ path, method }) => ({ method, parameters: path.split('{').length, pattern: patternOf(path) }))
  .sort((a, b) => a.parameters - b.parameters)

/**
 * A path with its fixed parts in the contract's own case, and the data in it as it came. The router's own way of not
 * minding the case loses its place at letters that change their length with it (İ, U+0130).
 */
export function inContractCase(path: string): string {
  if (!/[A-Z]/.test(path)) return path
  const address = addresses.find(({ pattern }) => pattern.test(path))
  if (!address) return path
  const [, ...parts] = address.pattern.exec(path) ?? []
  return parts.map((part, at) => (at % 2 === 0 ? part.toLowerCase() : part)).join('')
}

/** Methods that an address takes; none where there is no such address. */
export function allowedMethods(path: string): string[] {
  const methods = addresses.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
  return [...new Set(methods)].sort()
}

/** The address that a misspelt one is likely to mean, with the data that stands in it. */
export function nearestPath(path: string): string | undefined {
  const given = path.split('/')
  const near = Object.values(operations)
    .map((operation) => filled(operation.path, given))
    .filter(({ whole, fixed }) => distance(path, whole) <= Math.max(3, fixed / 3))
    .map(({ whole }) => whole)
  return near.length === 0 ? undefined : closest(path, near)
}

/** `fixed` is how much of it is the contract's own: data that stands in it makes nothing alike. */
function filled(path: string, given: readonly string[]): { whole: string; fixed: number } {
  const parts = path.split('/')
  const whole = parts.map((part, at) => (part.startsWith('{') && given[at]) || part).join('/')
  return { whole, fixed: path.replace(/\{\w+\}/g, '').length }
}

/** Fixed parts and data in turn, each a group of its own. */
function patternOf(path: string): RegExp {
  const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, ')([^/]+)(')
  return new RegExp(`^(${pattern.replaceAll(/\/(?!\])/g, '/+')}/*)$`, 'i')
}
