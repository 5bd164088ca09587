import { momentOf } from '../moment'
import { other, type Case, type CauseContext, type CauseRule, type Variant } from './common/rule'

/** One side did not get what changed after some time: everything that differs is newer than all it has. */
export const stale: CauseRule = {
  id: 'stale',
  title: 'Stale side',
  atLeast: 3,
  find: (one, context) => [...behind('target', one, context), ...behind('source', one, context)],
  says: ({ fields: [field = ''], param }, { newest }) => {
    const since = newest[param === 'source' ? 'source' : 'target']
    return since === undefined
      ? `The ${param} holds older versions of records (${field})`
      : `The ${param} has nothing newer than ${since} (${field})`
  },
  advice: ({ param }) =>
    `See why the ${param} was not brought up to date since then; run the sync that feeds it, then reconcile again.`,
}

function behind(side: 'source' | 'target', one: Case, context: CauseContext): Variant[] {
  const held = one[side]
  const fresh = one[other(side)]
  if (!fresh || one.kind === 'duplicate' || one.kind === 'moved') return []
  return stamps(one, context).flatMap((field) => {
    const changed = momentOf(fresh[field])
    if (changed === undefined) return []
    if (held && !((momentOf(held[field]) ?? Infinity) < changed)) return []
    const last = momentOf(context.newest[side])
    // of a record that is missing there is nothing else to tell by
    if (last === undefined ? !held : changed <= last) return []
    return [{ fields: [field], param: side }]
  })
}

/** The field that says when a record changed, else any time that differs. */
function stamps({ fields }: Case, { settings }: CauseContext): readonly string[] {
  if (settings.cutOff) return [settings.cutOff.field]
  return fields.length > 1
    ? fields
        .filter(({ source, target }) => momentOf(source) !== undefined && momentOf(target) !== undefined)
        .map(({ field }) => field)
    : []
}
