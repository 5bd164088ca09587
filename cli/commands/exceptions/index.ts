import type { Command } from 'commander'
import type { Act } from '../../cli'
import { addAssign } from './assign'
import { addComment } from './comment'
import { addCompare } from './compare'
import { addDecide } from './decide'
import { addDecisions } from './decisions'
import { addDue } from './due'
import { addExplain } from './explain'
import { addExport } from './export'
import { addFix } from './fix'
import { addIgnore } from './ignore'
import { addList } from './list'
import { addReopen } from './reopen'
import { addResolve } from './resolve'
import { addRetry } from './retry'
import { addShow } from './show'
import { addTag } from './tag'

export function addExceptions(program: Command, act: Act): void {
  const exceptions = program
    .command('exceptions')
    .description('work through the records that could not be moved or that disagree')
  const add = [
    addList,
    addShow,
    addExplain,
    addCompare,
    addFix,
    addRetry,
    addDecide,
    addDecisions,
    addAssign,
    addComment,
    addTag,
    addDue,
    addResolve,
    addIgnore,
    addReopen,
    addExport,
  ]
  for (const each of add) each(exceptions, act)
}
