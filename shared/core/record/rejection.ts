import type { ErrorCode } from '../../contract/errors'

/** Why one record could not go on. Data, not an exception: the run goes on with the next record. */
export class Rejection {
  constructor(
    readonly code: ErrorCode,
    /** Names the field, what it holds and what was expected; never the value of a personal field. */
    readonly message: string,
    /** RFC 6901 pointer into the mapped record, or into the source record for a mapping fault. */
    readonly pointer?: string,
  ) {}
}
