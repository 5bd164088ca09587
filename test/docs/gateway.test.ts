import { join } from 'node:path'
import { Compiled } from '../support/compiled'
import { repository } from './blocks'
import { followServed } from './followed'

let program: Compiled
beforeAll(() => {
  program = new Compiled(join(repository, 'cli/index.ts'))
}, 60_000)
afterAll(() => {
  program.remove()
})

test.each(['docs/gateway.md', 'docs/gateway-exceptions.md', 'docs/access.md'])(
  '%s does what it says',
  async (page) => {
    await followServed(page, program)
  },
  60_000,
)
