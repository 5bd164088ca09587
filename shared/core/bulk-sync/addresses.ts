import { Fault } from '../fault'
import { Hasher } from '../record/hash'
import type { Addresses } from '../store'
import type { SyncRequest } from './request'

type Sides = Pick<SyncRequest, 'target' | 'workflow'> & Partial<Pick<SyncRequest, 'source'>>

/**
 * What is another than in the runs before, and what it was.
 * @throws Fault TARGET_MOVED where sending everything once more may double it, and nobody approved that
 */
export async function movedFrom(request: SyncRequest): Promise<Addresses> {
  return (await compared(request)).moved
}

/** @returns also the address under which the target was known before, where somebody approved that it is the same */
async function compared(request: SyncRequest): Promise<{ moved: Addresses; renamed?: string }> {
  const now = addressesOf(request)
  const moved: Addresses = {}
  for (const side of ['source', 'target', 'key'] as const) {
    const to = now[side]
    const before = to === undefined ? undefined : await request.store.address(request.workflow.name, side)
    if (before !== undefined && !isSamePlace(before, to ?? '')) moved[side] = before
  }
  if (!(await mayDouble(request, moved)) || approvedAs(request, moved, now) === 'other') return { moved }
  const { target: renamed, ...others } = moved
  return { moved: others, ...(renamed === undefined ? {} : { renamed }) }
}

/** https leads to the same place as http. */
export function isSamePlace(one: string, other: string): boolean {
  const [a, b] = [one, other].map((address) => address.replace(/^https?:\/\//i, ''))
  return a === b
}

/** A target that knows nothing of keys takes what it gets a second time for new, also under another idempotency key. */
async function mayDouble({ target, store, workflow }: SyncRequest, moved: Addresses): Promise<boolean> {
  const { compares, repeat } = target.abilities
  return forgetsGiven(moved) && !compares && repeat !== 'harmless' && (await store.knowsAny(workflow.name))
}

/** Whether another address leads to the same system only a person knows. */
function approvedAs({ workflow, approve }: SyncRequest, moved: Addresses, now: Addresses): 'same' | 'other' {
  const { name } = workflow
  const [same, other] = ['same', 'other'].map((what) =>
    new Hasher().text(JSON.stringify([what, name, moved, now])).hex(),
  )
  if (approve === other) return 'other'
  if (moved.key === undefined && approve === same) return 'same'
  const change =
    moved.key === undefined
      ? `${name} wrote to ${moved.target ?? ''} before and to ${now.target ?? ''} now.`
      : `${name} knew records by ${moved.key} before and by ${now.key ?? ''} now.`
  const ways =
    moved.key === undefined
      ? `If both are one system, approve ${same ?? ''}: nothing is sent again. If this is another, approve ${other ?? ''}: it gets everything.`
      : `If the target is to get everything once more, approve ${other ?? ''}.`
  throw new Fault('TARGET_MOVED', `${change} It would take what it gets a second time for new. ${ways}`, {
    ...(moved.key === undefined ? { same: same ?? '' } : {}),
    other: other ?? '',
  })
}

export function addressesOf({ source, target, workflow }: Sides): Addresses {
  return {
    key: workflow.key.join(', '),
    ...(source?.address === undefined ? {} : { source: source.address }),
    ...(target.address === undefined ? {} : { target: target.address }),
  }
}

/** Whether what the target was given is of no more use. */
export function forgetsGiven({ target, key }: Addresses): boolean {
  return target !== undefined || key !== undefined
}

/**
 * A workflow whose connection was turned to another system, or whose stream to another table: what is remembered of the
 * one says nothing of the other, which would be left without the records that the first one has. What is remembered by
 * one key cannot be found by another, and would be deleted as gone.
 */
export async function forgetOthers(request: SyncRequest): Promise<Addresses> {
  const { store, workflow, ports } = request
  const { moved, renamed } = await compared(request)
  const now = addressesOf(request)
  if (renamed !== undefined && now.target !== undefined)
    for (const scheme of ['http', 'https'])
      await store.renameTarget(workflow.name, renamed.replace(/^https?(?=:)/i, scheme), now.target)
  if (Object.keys(moved).length === 0) return moved
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
