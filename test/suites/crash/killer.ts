import { writeSync } from 'node:fs'
import type { Connection, Connector } from '../../../shared/core/connector'
import { countsOf, moments, STOPPED, type Job, type Counts, type Moment } from './job'

/** Counts the moments of a run and kills the process at one of them. */
export class Killer {
  readonly counts: Counts = countsOf(() => 0)

  constructor(private readonly job: Pick<Job, 'killAt' | 'stopAt'>) {}

  private async around<T>(moment: Moment, work: () => Promise<T>): Promise<T> {
    const number = ++this.counts[moment]
    this.meet(`before ${moment} ${number}`)
    const result = await work()
    this.meet(`after ${moment} ${number}`)
    return result
  }

  /** The store, or a target, with its moments watched. */
  watch<T extends object>(watched: T): T {
    return new Proxy(watched, {
      get: (inner, name) => {
        const member: unknown = Reflect.get(inner, name)
        if (typeof member !== 'function') return member
        const call = (...args: unknown[]): unknown => Reflect.apply(member, inner, args)
        const moment = moments.find((one) => one === name)
        if (moment === undefined) return call
        return (...args: unknown[]) => this.around(moment, async () => await call(...args))
      },
    })
  }

  /** The connector with the writes of its targets watched. */
  connector(connector: Connector): Connector {
    return {
      spec: connector.spec,
      open: async (context) => {
        const connection = await connector.open(context)
        return this.connection(connection)
      },
    }
  }

  private connection(connection: Connection): Connection {
    return {
      streams: () => connection.streams(),
      source: (request) => connection.source(request),
      target: async (request) => this.watch(await connection.target(request)),
      check: (stream) => connection.check(stream),
      close: () => connection.close(),
    }
  }

  private meet(point: string): void {
    if (point === this.job.stopAt) {
      writeSync(1, STOPPED + '\n')
      process.kill(process.pid, 'SIGSTOP')
    }
    if (point !== this.job.killAt) return
    process.kill(process.pid, 'SIGKILL')
    // nothing more may happen, even if the signal were late
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  }
}
