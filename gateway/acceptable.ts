import type { Operation } from '../shared/contract/operations'
import { Fault } from '../shared/core/fault'
import { preferred } from './negotiate'

/**
 * Whether the client takes any format that the operation has; before anything is done. Who names a format in the query
 * cannot set headers, and what it sends in `Accept` is nobody's wish.
 * @throws Fault NOT_ACCEPTABLE
 */
export function assertAcceptable(
  { responses }: Operation,
  accept: string | undefined,
  format: unknown,
): void {
  const offered = Object.values(responses).flatMap(({ content }) => Object.keys(content ?? {}))
  if (offered.length === 0 || format !== undefined || preferred(accept, offered) !== undefined) return
  const formats = [...new Set(offered)].join(', ')
  throw new Fault('NOT_ACCEPTABLE', `This is given as ${formats}, and \`Accept\` takes none of it.`, {
    formats,
  })
}
