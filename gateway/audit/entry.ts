/** What somebody did to what. Never what they sent. */
export interface AuditEntry {
  /** Milliseconds since 1970. */
  at: number
  /** The client, or the person at the command line. */
  who: string
  /** The visible part of the credential. */
  key?: string
  tenant?: string
  /** Of the table of operations, or a command. */
  operation: string
  /** Address of the object, or its id. */
  object: string
  /** What came of it, such as a run. */
  effect?: string
  /** Where the request came from. */
  address?: string
  /** Status of the answer, with the code of what was refused. */
  result: string
  request?: string
}

export type Audit = (entry: AuditEntry) => void
