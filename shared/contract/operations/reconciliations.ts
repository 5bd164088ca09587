import { bytes, entity, page } from './content'
import { describe } from './operation'
import { after, id, idempotencyKey, limit, query, workflow } from './parameters'

const reconciliation = id('reconciliation', 'Id of the reconciliation: that of its run.')

export const reconciliations = describe({
  listReconciliations: {
    method: 'GET',
    path: '/v1/workflows/{workflow}/reconciliations',
    group: 'reconciliations',
    summary: 'List the reconciliations of a workflow, newest first',
    description: 'With their tie-out figures.',
    access: { scope: 'reconciliations:read', workflow: true },
    parameters: [workflow, after, limit],
    responses: {
      200: { description: 'The reconciliations.', content: page('Reconciliation') },
    },
    errors: ['CURSOR_UNKNOWN'],
    repeat: 'safe',
  },
  getReconciliation: {
    method: 'GET',
    path: '/v1/reconciliations/{reconciliation}',
    group: 'reconciliations',
    summary: 'Read a reconciliation, added up by the dimensions people report on',
    description:
      'As JSON, or by `Accept` or `format` as the report in HTML, as a workbook or as CSV of the totals.',
    access: { scope: 'reconciliations:read', workflow: true },
    parameters: [
      reconciliation,
      query(
        'format',
        'Instead of `Accept`.',
        { type: 'string', enum: ['json', 'html', 'xlsx', 'csv'] },
        'html',
      ),
    ],
    responses: {
      200: {
        description: 'The reconciliation.',
        content: {
          ...entity('Reconciliation'),
          'text/html': bytes('<!doctype html>'),
          'text/csv': bytes('location,quantity source\r\n'),
          'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': bytes('PK'),
        },
      },
    },
    errors: ['RECONCILIATION_UNKNOWN'],
    repeat: 'safe',
  },
  listBreaks: {
    method: 'GET',
    path: '/v1/reconciliations/{reconciliation}/breaks',
    group: 'reconciliations',
    summary: 'Drill down from a total to its records and fields',
    description:
      'By kind, cause, state, field and dimensions (`dimension.location=WH-1`). As text/csv: all of them.',
    access: { scope: 'reconciliations:read', workflow: true },
    parameters: [
      reconciliation,
      query(
        'kind',
        'Only of this kind.',
        { type: 'string', enum: ['missing-in-source', 'missing-in-target', 'duplicate', 'differs'] },
        'differs',
      ),
      query('cause', 'Only with this cause.', { type: 'string', maxLength: 64 }, 'sign-flip'),
      query(
        'state',
        'Only in this state.',
        { type: 'string', enum: ['open', 'pending', 'accepted'] },
        'open',
      ),
      query('field', 'Only where this field differs.', { type: 'string', maxLength: 256 }, 'quantity'),
      after,
      limit,
    ],
    responses: {
      200: {
        description: 'The breaks.',
        content: { ...page('Break'), 'text/csv': bytes('key,kind\r\n') },
      },
    },
    errors: ['RECONCILIATION_UNKNOWN', 'BREAK_FILTER_UNKNOWN', 'CURSOR_UNKNOWN'],
    repeat: 'safe',
  },
  signOff: {
    method: 'POST',
    path: '/v1/reconciliations/{reconciliation}/signature',
    group: 'reconciliations',
    summary: 'Sign a reconciliation and close its period',
    description:
      'Who, for which period, with which comment, over which content hash. A period is closed once.',
    access: { scope: 'reconciliations:write', workflow: true },
    parameters: [reconciliation, idempotencyKey],
    request: {
      required: true,
      description: 'The signature.',
      content: entity('SignatureRequest'),
    },
    responses: { 201: { description: 'Signed.', content: entity('Signature') } },
    errors: [
      'RECONCILIATION_UNKNOWN',
      'PERIOD_CLOSED',
      'PERIOD_INVALID',
      'SIGN_OFF_NEEDS_COMMENT',
      'SIGN_OFF_NOT_POSSIBLE',
    ],
    repeat: 'key',
  },
})
