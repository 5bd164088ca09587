import { Networks } from '../../../gateway/access/networks'
import type { Rights } from '../../../gateway/access/client'
import { SCOPES, type Scope } from '../../../shared/contract/operations/operation'
import { Fault } from '../../../shared/core/fault'
import { momentOf } from '../../moment'

export interface RightsOptions {
  scope?: string[]
  workflow?: string[]
  address?: string[]
  expires?: string
}

/** @throws Fault COMMAND_INVALID */
export function rightsOf(options: RightsOptions, now: number): Rights & { expires?: number } {
  const { scope, workflow, address = [], expires } = options
  assertNetworks(address)
  return {
    scopes: scope?.map(scopeOf) ?? SCOPES.filter((one) => one !== 'access:manage'),
    workflows: workflow ?? 'all',
    addresses: address,
    ...(expires === undefined ? {} : { expires: endOf(expires, now) }),
  }
}

function endOf(text: string, now: number): number {
  const end = momentOf(text, now)
  if (end > now) return end
  throw new Fault('COMMAND_INVALID', `"${text}" has passed: the key would be ended before it is used.`)
}

function scopeOf(text: string): Scope {
  const scope = SCOPES.find((one) => one === text)
  if (scope === undefined)
    throw new Fault('COMMAND_INVALID', `There is no scope ${text}; there are ${SCOPES.join(', ')}.`)
  return scope
}

function assertNetworks(texts: readonly string[]): void {
  try {
    new Networks(texts)
  } catch (error) {
    if (error instanceof RangeError) throw new Fault('COMMAND_INVALID', `${error.message}.`)
    throw error
  }
}
