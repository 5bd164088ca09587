import { full } from '../../support/crash'
import { forEveryKind } from './every-kind'
import { chanceOf } from './random'

/** The second start is killed too, wherever it has come to by then. */
describe('killed at any instant', () => {
  forEveryKind({ records: 4000, batch: 100, checkpointEvery: 500 }, async (trial, name) => {
    const chance = chanceOf(name)
    const found: Record<string, string[]> = {}
    for (let round = 1; round <= (full ? 4 : 1); round++) {
      await trial.reset()
      const delays = [chance(), chance()].map((part) => Math.round(part * trial.clean.tookMs))
      for (const ms of delays) await trial.killAfter(ms)
      const differences = await trial.differences(await trial.finish())
      if (differences.length > 0) found[`after ${delays.join(' and ')} ms`] = differences
    }
    return found
  })
})
