import { errorEntry, type ErrorCode, type ErrorEntry } from '../../shared/contract/errors'
import { noteFault, type FaultNote, type FaultReport } from '../../shared/core/fault'

/** Commands, and what there is in their place where nobody has the command line. */
const COMMANDS: readonly (readonly [command: RegExp, here: string])[] = [
  [
    /([Ss])tart the (workflow|run) again( when the service is back)?(: [^.]*)?\./g,
    '$1tart the workflow again$3.',
  ],
  [/tieout plan <workflow>/g, 'execute the node with Preview on'],
  [/tieout (sync|reconcile) <workflow>( --[a-z]+)?( <hash>)?/g, 'execute the node again'],
  [/tieout doctor( --gateway)? <[a-z]+>/g, 'the button Test of the credential, then execute the node again'],
  [/tieout runs( show <run>| <workflow>| --json)?/g, 'the output Receipt'],
  [/tieout exceptions [a-z]+( <id>| --records)?/g, 'the node Tieout Exceptions'],
  [/tieout report <[a-z]+>( --[a-z]+)?( json)?/g, 'the output Summary'],
  [/tieout validate/g, 'the parameters of the node'],
]

/** Settings of a definition, and what the nodes call them. */
const SETTINGS: readonly (readonly [setting: string, parameter: string])[] = [
  ['write.results', 'write.results is Outcome of Records, with Target Options for a list'],
  ['`records`', 'records is Records Path'],
  ['`paging', 'paging is Paging, with Paging Options'],
  ['`path` and `method`', 'they are the URL and Target Method'],
  ['`write.size`', 'write.size is Records per Request'],
  ['`size` of the batch', 'size is Records per Request'],
  ['`rate`', 'rate is Rate'],
  ['write.delete', 'write.delete is Delete URL and Delete Method'],
  ['`concurrency`', 'concurrency is Requests at Once'],
]

/** What is known of a code, for who has n8n and neither the command line nor a definition. */
export function entryInN8n(code: ErrorCode): ErrorEntry {
  const entry = errorEntry(code)
  return {
    ...entry,
    causes: entry.causes.map(({ cause, check }) => ({ cause, check: here(check) })),
    steps: entry.steps.map(({ who, do: what, verify }) => ({
      who,
      do: withParameters(here(what)),
      verify: here(verify),
    })),
  }
}

export function reportInN8n(fault: Pick<FaultNote, 'code' | 'detail' | 'evidence'>): FaultReport {
  const { owner, causes, steps } = entryInN8n(fault.code)
  return { ...noteFault(fault), owner, causes, steps }
}

function here(text: string): string {
  return COMMANDS.reduce((left, [command, words]) => left.replace(command, words), text)
}

function withParameters(text: string): string {
  const named = SETTINGS.filter(([setting]) => text.includes(setting)).map(([, parameter]) => parameter)
  return named.length === 0 ? text : `${text} In n8n: ${named.join('; ')}.`
}
