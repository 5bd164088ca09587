import { full } from '../../support/crash'
import { forEveryKind } from './every-kind'
import { chanceOf, some } from './random'

describe('killed at a boundary', () => {
  forEveryKind({ records: 160, batch: 40, checkpointEvery: 80 }, async (trial, name) => {
    const { points } = trial.clean
    const found: Record<string, string[]> = {}
    for (const point of full ? points : some(points, 2, chanceOf(name))) {
      await trial.reset()
      const killed = await trial.start({ killAt: point }).end()
      const differences = await trial.differences(await trial.finish())
      if (killed !== 'killed') differences.push('was not killed')
      if (differences.length > 0) found[point] = differences
    }
    return found
  })
})
