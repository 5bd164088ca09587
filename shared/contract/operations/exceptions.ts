import { bytes, entity, ETAG, page, POLL } from './content'
import { describe, type Parameter } from './operation'
import { after, exception, idempotencyKey, ifMatch, limit, prefer, query, workflow } from './parameters'

const filters: readonly Parameter[] = [
  query('workflow', 'Only of this workflow.', workflow.schema, 'inventory'),
  query(
    'state',
    'Default open.',
    { type: 'string', enum: ['open', 'resolved', 'ignored', 'expired'], default: 'open' },
    'open',
  ),
  query('group', 'Fingerprint of a group.', { type: 'string', maxLength: 128 }, 'v1:5f0c1d2e3a4b5c6d'),
  query('code', 'Code of the catalogue.', { type: 'string', maxLength: 64 }, 'VALIDATION_FAILED'),
  query('run', 'Last failed in this run.', { type: 'string', maxLength: 64 }, '5f0c1d2e'),
  query('assignee', 'Assigned to.', { type: 'string', maxLength: 128 }, 'kim'),
  query('tag', 'With this tag.', { type: 'string', maxLength: 64 }, 'supplier'),
  query('overdue', 'Only those past their due date.', { type: 'boolean' }, true),
  query('text', 'Part of the key or the message.', { type: 'string', maxLength: 256 }, '00042'),
]

/** Why a change can be refused, of one exception or of many. */
const REFUSED_CHANGE = [
  'EXCEPTION_UNKNOWN',
  'EXCEPTION_CHANGED',
  'EXCEPTION_CHANGE_INVALID',
  'EXCEPTION_EXPIRED',
  'EXCEPTION_STATE',
  'FIX_INVALID',
  'FIX_PERSONAL',
  // a fix of a break whose record is gone
  'DECISION_NOT_POSSIBLE',
] as const

export const exceptions = describe({
  listExceptions: {
    method: 'GET',
    path: '/v1/exceptions',
    group: 'exceptions',
    summary: 'List exceptions with all that is needed to decide',
    description: 'Newest first. As text/csv: with all original columns.',
    access: { scope: 'exceptions:read', workflow: false },
    parameters: [...filters, after, limit],
    responses: {
      200: {
        description: 'The exceptions.',
        content: {
          ...page('Exception'),
          'text/csv': bytes('tieout_id,tieout_code,sku\r\n'),
        },
      },
    },
    errors: ['CURSOR_UNKNOWN'],
    repeat: 'safe',
  },
  listGroups: {
    method: 'GET',
    path: '/v1/exceptions/groups',
    group: 'exceptions',
    summary: 'List exceptions by what they have in common',
    description: 'One line per cause, most exceptions first, with count and trend.',
    access: { scope: 'exceptions:read', workflow: false },
    parameters: filters,
    responses: { 200: { description: 'The groups.', content: page('Group') } },
    errors: [],
    repeat: 'safe',
  },
  explainGroup: {
    method: 'GET',
    path: '/v1/exceptions/groups/{group}/explanation',
    group: 'exceptions',
    summary: 'Find what the failed records have in common and the others do not',
    description: 'The smallest rule that separates them, with support and precision. Reads the source again.',
    access: { scope: 'exceptions:read', workflow: false },
    parameters: [
      {
        name: 'group',
        in: 'path',
        required: true,
        description: 'Fingerprint of the group.',
        schema: { type: 'string', minLength: 1, maxLength: 128 },
        example: 'v1:5f0c1d2e3a4b5c6d',
      },
    ],
    responses: {
      200: { description: 'The explanation.', content: entity('Explanation') },
    },
    errors: ['EXCEPTION_UNKNOWN'],
    repeat: 'safe',
  },
  getException: {
    method: 'GET',
    path: '/v1/exceptions/{exception}',
    group: 'exceptions',
    summary: 'Read one exception with its history',
    description: 'What happened, what it means, who does what next, and what both systems hold.',
    access: { scope: 'exceptions:read', workflow: true },
    parameters: [
      exception,
      query(
        'now',
        'Reads both systems again for the four-way view.',
        { type: 'boolean', default: false },
        true,
      ),
    ],
    responses: {
      200: {
        description: 'The exception.',
        headers: ETAG,
        content: entity('ExceptionView'),
      },
    },
    errors: ['EXCEPTION_UNKNOWN'],
    repeat: 'safe',
  },
  changeException: {
    method: 'PATCH',
    path: '/v1/exceptions/{exception}',
    group: 'exceptions',
    summary: 'Change one exception: assign, comment, tag, resolve, ignore, reopen or fix it',
    description: 'All that the body names happens together.',
    access: { scope: 'exceptions:write', workflow: true },
    parameters: [exception, ifMatch, idempotencyKey],
    request: {
      required: true,
      description: 'What to change.',
      content: entity('ExceptionChange'),
    },
    responses: {
      200: {
        description: 'The exception as it is now.',
        headers: ETAG,
        content: entity('ExceptionView'),
      },
    },
    errors: [...REFUSED_CHANGE, 'PRECONDITION_FAILED'],
    repeat: 'key',
  },
  changeExceptions: {
    method: 'POST',
    path: '/v1/exceptions/changes',
    group: 'exceptions',
    summary: 'Decide on many exceptions at once',
    description: 'The same change for a list, a group or a filter; `preview` tells what it would do.',
    access: { scope: 'exceptions:write', workflow: false },
    parameters: [idempotencyKey],
    request: {
      required: true,
      description: 'Which, and what.',
      content: entity('ExceptionsChange'),
    },
    responses: {
      200: {
        description: 'What became of them.',
        content: entity('ExceptionsChanged'),
      },
    },
    errors: REFUSED_CHANGE,
    repeat: 'key',
  },
  retryExceptions: {
    method: 'POST',
    path: '/v1/workflows/{workflow}/retries',
    group: 'exceptions',
    summary: 'Send the records of exceptions again',
    description:
      'One, a group or a filter, at a capped rate, with their fixes. Source and target are read again before each.',
    access: { scope: 'exceptions:write', workflow: true },
    parameters: [workflow, idempotencyKey, prefer],
    request: {
      required: true,
      description: 'Which.',
      content: entity('RetryRequest'),
    },
    responses: {
      200: { description: 'It is over.', content: entity('Run') },
      202: { description: 'It goes on.', headers: POLL, content: entity('Run') },
    },
    errors: ['EXCEPTION_UNKNOWN', 'EXCEPTION_EXPIRED', 'RETRY_EMPTY', 'RUN_ALREADY_GOING'],
    repeat: 'key',
  },
})
