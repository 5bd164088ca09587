import { Fault } from '../shared/core/fault'
import type { FieldProblem } from './problem'

/** A body that is not as it has to be, with what is wrong with each field at fault. */
export class RefusedBody extends Fault {
  constructor(readonly fields: readonly FieldProblem[]) {
    const detail = fields.map(({ pointer = '', detail }) => `${pointer.slice(2)} ${detail}`.trim()).join('; ')
    super('BODY_INVALID', `${detail}.`, { fields: fields.map(({ pointer }) => pointer ?? '').join(', ') })
  }
}

/** @param pointer as in RFC 6901, in a fragment: `#/change/due`; `#` for the whole body */
export function invalid(pointer: string, detail: string): RefusedBody {
  return new RefusedBody([{ pointer, detail }])
}
