import type { Schema } from '../operations/operation'
import { choice, count, entity, integer, list, map, optional, property, reference, text, uri } from './entity'

const status: Schema = { type: 'integer', minimum: 400, maximum: 599 }
const OWNER = choice('you', 'your-network-team', 'other-system', 'us')
const RETRYABLE = choice('no', 'same-request', 'after-change', 'after-delay')

export const Cause = entity('A likely cause.', {
  cause: property(text, 'What may be the cause.', 'The source changed'),
  check: property(text, 'How to see whether it is.', 'tieout plan inventory'),
})

export const Step = entity('What somebody does next.', {
  who: property(OWNER, 'Who does it.', 'you'),
  do: property(text, 'What to do.', 'Correct the record.'),
  verify: property(text, 'How to see that it helped.', 'tieout plan inventory'),
})

export const Problem = entity('What went wrong, and who does what next (RFC 9457).', {
  type: property(
    uri,
    'Address of the page about the code.',
    'https://tieout.example.com/errors/VALIDATION_FAILED',
  ),
  title: property(
    text,
    'The same for every occurrence of the code.',
    'The record does not fit the schema of the workflow',
  ),
  status: property(status, 'That of the answer.', 422),
  detail: property(
    text,
    'This occurrence: thing, place, way out.',
    'row 17: quantity is text; send a number',
  ),
  instance: property(text, 'The request.', '/v1/workflows/inventory/records'),
  code: property(text, 'Stable. Decide by it.', 'VALIDATION_FAILED'),
  number: property(integer, 'The same for phone and e-mail.', 7004),
  owner: property(OWNER, 'Who can fix it.', 'you'),
  retryable: property(RETRYABLE, 'Whether the same request can succeed later.', 'after-change'),
  retryAfterSeconds: optional(count, 'When, for after-delay.', 30),
  causes: property(list(reference('Cause')), 'Likely causes, and how to check each.', [
    { cause: 'The source changed', check: 'tieout plan inventory' },
  ]),
  steps: property(list(reference('Step')), 'Who does what, and how to verify it.', [
    { who: 'you', do: 'Correct the record.', verify: 'tieout plan inventory' },
  ]),
  evidence: property(
    map({ type: ['string', 'number', 'boolean', 'null'] }),
    'Every variable part of the detail.',
    { row: 17 },
  ),
  errors: optional(list(reference('FieldProblem')), 'One for each field at fault.', [
    { pointer: '#/quantity', detail: 'quantity is text; send a number' },
  ]),
  requestId: property(text, 'Name it when you ask for help.', 'req_5f0c1d2e3a4b5c6d'),
  requestLogUrl: optional(
    uri,
    'What is logged of the request; absent where it was not known who sent it.',
    'https://tieout.example.com/v1/requests/req_5f0c1d2e3a4b5c6d',
  ),
  docs: property(uri, 'Explained for people.', 'https://tieout.example.com/errors/VALIDATION_FAILED'),
  hasErrors: property(
    { type: 'boolean', const: true },
    'Always true: for clients that do not see the status.',
    true,
  ),
})

export const FieldProblem = entity('What is wrong with one field.', {
  pointer: optional(text, 'JSON pointer into the body.', '#/quantity'),
  parameter: optional(text, 'Name of the parameter.', 'limit'),
  row: optional({ type: 'integer', minimum: 1 }, 'Row of the file, from 1.', 17),
  column: optional(text, 'Column of the file.', 'quantity'),
  code: optional(text, 'Why this record was refused.', 'VALIDATION_FAILED'),
  detail: property(text, 'What was expected.', 'quantity is text; send a number'),
  received: optional(text, 'What came, masked where personal.', 'abc'),
})

export const ErrorEntry = entity('One entry of the dictionary of errors.', {
  code: property(text, 'Stable.', 'PROXY_AUTH_REQUIRED'),
  number: property(integer, 'Stable.', 1400),
  title: property(text, 'What it is.', 'The proxy wants a name and a password'),
  category: property(text, 'Kind.', 'network'),
  owner: property(OWNER, 'Who can fix it.', 'your-network-team'),
  status: property(status, 'HTTP status where the gateway answers with it.', 502),
  retryable: property(RETRYABLE, 'Whether the same request can succeed later.', 'after-change'),
  causes: property(list(reference('Cause')), 'Likely causes, and how to check each.', [
    { cause: 'No credentials', check: 'tieout doctor erp' },
  ]),
  steps: property(list(reference('Step')), 'Who does what, and how to verify it.', [
    { who: 'your-network-team', do: 'Give the service an account.', verify: 'tieout doctor erp' },
  ]),
})
