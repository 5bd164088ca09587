import { followServed } from './followed'

test.each(['docs/gateway.md', 'docs/access.md'])(
  '%s does what it says',
  async (page) => {
    await followServed(page)
  },
  60_000,
)
