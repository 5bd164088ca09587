import { Fault } from '../fault'

/** One thing to correct in the definition or in a file that it names. Holds no value of a setting. */
export interface Problem {
  /** As the person named it, such as `tieout.yaml`. */
  file: string
  /** From 1. */
  line: number
  /** `workflows.inventory.sync.mode`; '' for the file as a whole. */
  path: string
  /** Follows the path as the rest of a sentence. */
  message: string
}

export function problemText(problem: Problem): string {
  const subject = problem.path === '' ? '' : `${problem.path} `
  return `${problem.file}:${problem.line}: ${subject}${problem.message}`
}

/** DEFINITION_INVALID with all that is wrong, in the order of the file. */
export class InvalidDefinition extends Fault {
  constructor(readonly problems: readonly Problem[]) {
    super('DEFINITION_INVALID', problems.map(problemText).join('\n'), { problems: problems.length })
  }
}
