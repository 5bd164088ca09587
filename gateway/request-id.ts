import { randomBytes } from 'node:crypto'

/** `req_` and 16 hexadecimal digits; every answer and log line of a request has it. */
export function newRequestId(): string {
  return `req_${randomBytes(8).toString('hex')}`
}
