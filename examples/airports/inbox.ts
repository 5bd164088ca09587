import type { Cli } from '../../cli/cli'
import type { Exception, Group } from '../../shared/core/exceptions/exception'
import type { Rule } from '../../shared/core/exceptions/explain/explain'

export interface Explained {
  group: Group
  /** The newest of them. */
  example: Exception
  /** What the failed records have in common and the others do not, where there is such a thing. */
  rule: Rule | undefined
}

/** What `tieout exceptions` and `tieout exceptions explain` tell of the airports that could not be sent. */
export function explainExceptions(cli: Cli): Promise<Explained[]> {
  return cli.withWorkspace(async ({ inbox, remedies }) => {
    const { signal } = new AbortController()
    const explained: Explained[] = []
    for (const group of await inbox.groups({ workflow: 'airports', state: 'open' })) {
      const [example] = await inbox.list({ fingerprint: group.fingerprint, state: 'open' }, { limit: 1 })
      const { rule } = await remedies.explain(group.fingerprint, signal)
      if (example) explained.push({ group, example, rule })
    }
    return explained
  })
}
