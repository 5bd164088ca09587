import { Fault, type Evidence } from '../../shared/core/fault'
import type { Counter, Counters } from './counters'
import { rateHeaders } from './headers'
import type { Cost, Limited, Limits, LimitState } from './limits'
import type { Policy, PolicyChange, Window } from './policy'
import { nextSpan, windowAt } from './window'

export interface ClientLimitsParts {
  policies: readonly Policy[]
  /** Of one client, by the name of the policy. */
  changes(client: string): Readonly<Record<string, PolicyChange>>
  counters: Counters
  now(): number
}

interface Running {
  policy: Policy
  window: Window
  counter: Counter
}

/** Several policies at once for each client; what is taken is taken of all of them or of none. */
export class ClientLimits implements Limits {
  private readonly runs = new Map<string, number>()

  constructor(private readonly parts: ClientLimitsParts) {}

  take({ client }: Limited, cost: Cost): void {
    const now = this.parts.now()
    const taken = this.running(client, now).map((running) => ({
      running,
      amount: amountOf(cost, running.policy),
    }))
    for (const { running, amount } of taken) {
      if (amount > 0 && amount > left(running)) throw reached(running, amount, now)
    }
    for (const { running, amount } of taken) {
      if (amount !== 0)
        this.parts.counters.add(client, running.policy.name, running.window, running.counter, amount)
    }
  }

  admit({ client }: Limited): (cost: Cost) => void {
    const now = this.parts.now()
    const admitted = this.running(client, now).filter(({ policy }) => policy.unit !== 'requests')
    for (const running of admitted) if (left(running) <= 0) throw usedUp(running, now)
    return (cost) => {
      for (const { policy, window, counter } of admitted) {
        const amount = amountOf(cost, policy)
        if (amount === 0) continue
        const later = windowAt(policy, this.parts.now()) ?? window
        this.parts.counters.charge(client, policy, { window, counter, later }, amount)
      }
    }
  }

  enter({ client }: Limited): () => void {
    const at = this.runs.get(client) ?? 0
    const policy = this.policiesOf(client).find(({ unit }) => unit === 'concurrent-requests')
    if (policy && at >= policy.quota)
      throw new Fault(
        'LIMIT_REACHED',
        `${policy.name}: ${String(at)} runs are under way, and that is how many ${client} may have at once.`,
        { violatedPolicies: policy.name, quota: policy.quota },
        5000,
      )
    this.runs.set(client, at + 1)
    let inside = true
    return () => {
      if (inside) this.runs.set(client, (this.runs.get(client) ?? 1) - 1)
      inside = false
    }
  }

  state({ client }: Limited): readonly LimitState[] {
    const now = this.parts.now()
    return this.policiesOf(client).map((policy) => this.stateOf(client, policy, now))
  }

  headers(caller: Limited): Readonly<Record<string, string>> {
    return rateHeaders(
      this.state(caller).filter(({ now }) => now),
      this.parts.now(),
    )
  }

  private policiesOf(client: string): Policy[] {
    const changes = this.parts.changes(client)
    return this.parts.policies.flatMap((policy) => {
      const change = changes[policy.name]
      if (change === false) return []
      return [change ? { ...policy, ...change } : policy]
    })
  }

  private running(client: string, now: number): Running[] {
    return this.policiesOf(client).flatMap((policy) => {
      const window = policy.unit === 'concurrent-requests' ? undefined : windowAt(policy, now)
      if (!window) return []
      return [{ policy, window, counter: this.parts.counters.of(client, policy, window) }]
    })
  }

  private stateOf(client: string, policy: Policy, now: number): LimitState {
    const { name, unit, quota, hours } = policy
    if (unit === 'concurrent-requests') {
      const free = Math.max(0, quota - (this.runs.get(client) ?? 0))
      return { name, unit, quota, windowSeconds: 0, left: free, resetSeconds: free > 0 ? 0 : 5, now: true }
    }
    const under = windowAt(policy, now)
    const window = under ?? (hours ? nextSpan(hours, now) : { begin: now, end: now })
    const { counters } = this.parts
    const counter = under ? counters.of(client, policy, under) : counters.ahead(client, policy, window)
    return {
      name,
      unit,
      quota: allowed({ policy, counter }),
      windowSeconds: Math.round((window.end - window.begin) / 1000),
      left: Math.max(0, left({ policy, counter })),
      resetSeconds: Math.ceil(((under ? window.end : window.begin) - now) / 1000),
      now: under !== undefined,
      ...(hours ? { hours: `${hours.from}-${hours.to} ${hours.zone}` } : {}),
    }
  }
}

/** In this window. */
function allowed({ policy, counter }: Pick<Running, 'policy' | 'counter'>): number {
  return Math.max(0, policy.quota + (policy.burst ?? 0) - counter.debt)
}

function left(running: Pick<Running, 'policy' | 'counter'>): number {
  return allowed(running) - running.counter.used
}

function amountOf(cost: Cost, { unit }: Policy): number {
  switch (unit) {
    case 'requests':
      return cost.requests ?? 0
    case 'records':
      return cost.records ?? 0
    case 'content-bytes':
      return cost.bytes ?? 0
    case 'concurrent-requests':
      return 0
  }
}

function reached(running: Running, amount: number, now: number): Fault {
  const { policy, window } = running
  const most = policy.quota + (policy.burst ?? 0)
  const thing = thingOf(policy)
  const asked = String(amount)
  const more = { asked: amount }
  // waiting does not help
  if (amount > most)
    return refused(
      running,
      `${asked} ${thing} never fit into one window of ${String(most)}: send them in parts`,
      undefined,
      more,
    )
  const way = `${leftOf(running)} ${thing} are left, ${asked} were asked for; ${moreIn(window, now)}`
  return refused(running, way, window.end - now, more)
}

function usedUp(running: Running, now: number): Fault {
  const { policy, window } = running
  return refused(
    running,
    `${leftOf(running)} ${thingOf(policy)} are left; ${moreIn(window, now)}`,
    window.end - now,
  )
}

function refused(
  running: Running,
  way: string,
  retryAfterMs: number | undefined,
  more: Evidence = {},
): Fault {
  const { policy } = running
  const evidence = {
    violatedPolicies: policy.name,
    quota: allowed(running),
    left: Math.max(0, left(running)),
  }
  return new Fault('LIMIT_REACHED', `${policy.name}: ${way}.`, { ...evidence, ...more }, retryAfterMs)
}

function leftOf(running: Running): string {
  return `${String(Math.max(0, left(running)))} of ${String(allowed(running))}`
}

function thingOf({ unit }: Policy): string {
  return unit === 'content-bytes' ? 'bytes' : unit
}

function moreIn({ end }: Window, now: number): string {
  return `more in ${String(Math.ceil((end - now) / 1000))} s`
}
