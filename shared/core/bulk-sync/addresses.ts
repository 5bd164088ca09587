import type { Addresses, Store } from '../store'
import type { SyncRequest } from './request'

type Sides = Pick<SyncRequest, 'source' | 'target' | 'workflow'>

/** What is another than in the runs before, and what it was. */
export async function movedFrom(request: Sides & { store: Store }): Promise<Addresses> {
  const now = addressesOf(request)
  const moved: Addresses = {}
  for (const side of ['source', 'target', 'key'] as const) {
    const before =
      now[side] === undefined ? undefined : await request.store.address(request.workflow.name, side)
    if (before !== undefined && before !== now[side]) moved[side] = before
  }
  return moved
}

export function addressesOf({ source, target, workflow }: Sides): Addresses {
  return {
    key: workflow.key.join(', '),
    ...(source.address === undefined ? {} : { source: source.address }),
    ...(target.address === undefined ? {} : { target: target.address }),
  }
}

/** Whether what the target was given is of no more use. */
export function forgetsGiven({ target, key }: Addresses): boolean {
  return target !== undefined || key !== undefined
}

/**
 * A workflow whose connection was turned to another system, or whose stream to another table: what is remembered of the
 * one says nothing of the other, which would be left without the records that the first one has. What is remembered by one key cannot be found by
 * another, and would be deleted as gone.
 */
export async function forgetOthers(request: SyncRequest): Promise<Addresses> {
  const { store, workflow, ports } = request
  const moved = await movedFrom(request)
  if (Object.keys(moved).length === 0) return moved
  const now = addressesOf(request)
  if (moved.source !== undefined)
    ports.log.warn(
      `${workflow.name} read ${moved.source} before; ${now.source ?? ''} is read from its beginning.`,
    )
  if (moved.target !== undefined)
    ports.log.warn(
      `${workflow.name} wrote to ${moved.target} before; ${now.target ?? ''} gets everything once.`,
    )
  if (moved.key !== undefined)
    ports.log.warn(
      `${workflow.name} knew records by ${moved.key} before; by ${now.key ?? ''} everything is sent once.`,
    )
  await store.forget(workflow.name, forgetsGiven(moved))
  return moved
}
