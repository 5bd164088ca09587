import type { Call } from '../call'

/** Parameters that the operation's schemas have made sure of. */

export function textOf({ parameters }: Pick<Call, 'parameters'>, name: string): string | undefined {
  const value = parameters[name]
  return typeof value === 'string' ? value : undefined
}

export function needed(call: Pick<Call, 'parameters'>, name: string): string {
  return textOf(call, name) ?? ''
}

export function numberOf({ parameters }: Pick<Call, 'parameters'>, name: string): number | undefined {
  const value = parameters[name]
  return typeof value === 'number' ? value : undefined
}

export function flagOf({ parameters }: Pick<Call, 'parameters'>, name: string): boolean {
  return parameters[name] === true
}
