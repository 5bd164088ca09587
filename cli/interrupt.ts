import { Fault } from '../shared/core/fault'
import type { Cli } from './cli'

/** The signal ends work at its next checkpoint after one Ctrl-C; a second one ends the process at once. */
export async function stoppable<T>(
  cli: Cli,
  again: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const release = cli.world.onInterrupt(() => {
    if (controller.signal.aborted) {
      // 128 + SIGINT, as shells count; the saved state is whole at every instant
      cli.world.exit(130)
      return
    }
    cli.say('\nStopping at the next checkpoint. Press Ctrl-C again to end at once.')
    cli.say(`To go on afterwards: ${again}`)
    controller.abort(new Fault('CANCELLED', `The command was stopped. To go on: ${again}`))
  })
  try {
    return await work(controller.signal)
  } finally {
    release()
  }
}
