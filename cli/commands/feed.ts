import type { Command } from 'commander'
import type { Act } from '../cli'
import { EXIT } from '../exit'
import { feedText } from '../print/feed'
import { wholeNumber } from '../whole-number'

interface Options {
  after?: string
  workflow?: string
  limit: number
  wait?: number
}

export function addFeed(program: Command, act: Act): void {
  program
    .command('feed')
    .description('read everything that happened, in order, from a cursor on')
    .option('--after <cursor>', 'the cursor that the last answer named (default: from the beginning)')
    .option('--workflow <name>', 'only of this workflow')
    .option('--limit <number>', 'events at most', wholeNumber, 100)
    .option('--wait <seconds>', 'wait so long for something to happen', wholeNumber)
    .action(({ wait = 0, ...options }: Options) =>
      act((cli) =>
        cli.withWorkspace(async ({ feed }) => {
          const page = await feed.read({ ...options, wait: wait * 1000 })
          cli.answer(page, feedText(page))
          return EXIT.ok
        }),
      ),
    )
}
