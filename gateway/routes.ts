import { closest, distance } from 'fastest-levenshtein'
import { operations } from '../shared/contract/operations'

/** The router's way of writing a path of the contract. */
export function routeOf(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

/** Methods that an address takes; none where there is no such address. */
export function allowedMethods(path: string): string[] {
  const methods = Object.values(operations)
    .filter((operation) => patternOf(operation.path).test(path))
    .map(({ method }) => method)
  return [...new Set(methods)].sort()
}

/** The path of the contract that a misspelt one is likely to mean. */
export function nearestPath(path: string): string | undefined {
  const paths = [...new Set(Object.values(operations).map((operation) => operation.path))]
  const nearest = closest(path, paths)
  return distance(path, nearest) <= Math.max(3, path.length / 3) ? nearest : undefined
}

function patternOf(path: string): RegExp {
  const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${pattern.replaceAll('/', '/+')}/*$`, 'i')
}
