import type { Addresses, Store } from '../store'
import type { SyncRequest } from './request'

type Sides = Pick<SyncRequest, 'source' | 'target'>

/** Sides that have another address than in the runs before, and which that was. */
export async function movedFrom(
  request: Sides & { store: Store; workflow: { name: string } },
): Promise<Addresses> {
  const now = addressesOf(request)
  const moved: Addresses = {}
  for (const side of ['source', 'target'] as const) {
    const before =
      now[side] === undefined ? undefined : await request.store.address(request.workflow.name, side)
    if (before !== undefined && before !== now[side]) moved[side] = before
  }
  return moved
}

export function addressesOf({ source, target }: Sides): Addresses {
  return {
    ...(source.address === undefined ? {} : { source: source.address }),
    ...(target.address === undefined ? {} : { target: target.address }),
  }
}

/**
 * A workflow whose connection was turned to another system, or whose stream to another table: what is remembered of the
 * one says nothing of the other, which would be left without the records that the first one has.
 */
export async function forgetOthers(request: SyncRequest): Promise<Addresses> {
  const { store, workflow, ports } = request
  const moved = await movedFrom(request)
  if (moved.source === undefined && moved.target === undefined) return moved
  const now = addressesOf(request)
  if (moved.source !== undefined)
    ports.log.warn(
      `${workflow.name} read ${moved.source} before; ${now.source ?? ''} is read from its beginning.`,
    )
  if (moved.target !== undefined)
    ports.log.warn(
      `${workflow.name} wrote to ${moved.target} before; ${now.target ?? ''} gets everything once.`,
    )
  await store.forget(workflow.name, moved.target !== undefined)
  return moved
}
