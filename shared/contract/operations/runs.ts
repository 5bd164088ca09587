import { bytes, entity, page, POLL } from './content'
import { describe } from './operation'
import { after, id, idempotencyKey, limit, prefer, query, run, wait, workflow } from './parameters'

export const runs = describe({
  startRun: {
    method: 'POST',
    path: '/v1/workflows/{workflow}/runs',
    group: 'runs',
    summary: 'Start a sync, a plan or a reconciliation',
    description:
      'Answers with the run. A run that waits for an approval goes on when the hash of what it holds is sent along; an interrupted one goes on by itself.',
    access: { scope: 'runs:write', workflow: true },
    parameters: [workflow, idempotencyKey, prefer],
    request: {
      required: false,
      description: 'What to do; without a body, a sync.',
      content: entity('RunRequest'),
    },
    responses: {
      200: { description: 'It is over.', content: entity('Run') },
      202: { description: 'It goes on.', headers: POLL, content: entity('Run') },
    },
    errors: ['RUN_ALREADY_GOING'],
    repeat: 'key',
  },
  listRuns: {
    method: 'GET',
    path: '/v1/runs',
    group: 'runs',
    summary: 'List runs, newest first',
    description:
      'Of all workflows that the key may use, or of one: those that were asked for here. The feed tells of those of the command line, too, and each has its address.',
    access: { scope: 'runs:read', workflow: false },
    parameters: [
      query('workflow', 'Only of this workflow.', workflow.schema, 'inventory'),
      query(
        'kind',
        'Only of this kind.',
        { type: 'string', enum: ['sync', 'undo', 'retry', 'plan', 'reconcile', 'upload', 'decide'] },
        'sync',
      ),
      after,
      limit,
    ],
    responses: { 200: { description: 'The runs.', content: page('Run') } },
    errors: ['CURSOR_UNKNOWN'],
    repeat: 'safe',
  },
  getRun: {
    method: 'GET',
    path: '/v1/runs/{run}',
    group: 'runs',
    summary: 'Follow a run',
    description:
      'State, progress, counts, receipt and files. With `wait` it answers as soon as the run is over.',
    access: { scope: 'runs:read', workflow: true },
    parameters: [run, wait],
    responses: {
      200: {
        description: 'The run, over or not: `state` tells.',
        headers: { 'Retry-After': POLL['Retry-After'] },
        content: entity('Run'),
      },
    },
    errors: ['RUN_UNKNOWN'],
    repeat: 'safe',
  },
  cancelRun: {
    method: 'DELETE',
    path: '/v1/runs/{run}',
    group: 'runs',
    summary: 'Stop a run at its next checkpoint',
    description: 'What it has done stays done and accounted for; `resume` goes on from there.',
    access: { scope: 'runs:write', workflow: true },
    parameters: [run],
    responses: {
      202: { description: 'It is stopping.', headers: POLL, content: entity('Run') },
    },
    errors: ['RUN_UNKNOWN', 'RUN_IS_OVER', 'RUN_ALREADY_GOING'],
    repeat: 'idempotent',
  },
  resumeRun: {
    method: 'POST',
    path: '/v1/runs/{run}/resume',
    group: 'runs',
    summary: 'Go on with a run that was interrupted or held',
    description: 'From its last checkpoint. `approve` releases what a guard holds, by its hash.',
    access: { scope: 'runs:write', workflow: true },
    parameters: [run, idempotencyKey, prefer],
    request: {
      required: false,
      description: 'What is approved.',
      content: entity('Approval'),
    },
    responses: {
      200: { description: 'It is over.', content: entity('Run') },
      202: { description: 'It goes on.', headers: POLL, content: entity('Run') },
    },
    errors: ['RUN_UNKNOWN', 'RUN_IS_OVER', 'RUN_ALREADY_GOING'],
    repeat: 'key',
  },
  undoRun: {
    method: 'POST',
    path: '/v1/runs/{run}/undo',
    group: 'runs',
    summary: 'Write back what a run changed',
    description: 'Only where the target still holds what the run wrote; the rest becomes exceptions.',
    access: { scope: 'runs:write', workflow: true },
    parameters: [run, idempotencyKey, prefer],
    responses: {
      200: { description: 'It is over.', content: entity('Run') },
      202: { description: 'It goes on.', headers: POLL, content: entity('Run') },
    },
    errors: ['RUN_UNKNOWN', 'UNDO_NOT_POSSIBLE', 'RUN_ALREADY_GOING'],
    repeat: 'key',
  },
  getRunFile: {
    method: 'GET',
    path: '/v1/runs/{run}/records/{outcome}',
    group: 'runs',
    summary: 'Download the records of an upload by what became of them',
    description:
      'All original columns, plus row number and, for `failed`, code, message and fix: corrected, the file can be sent again as it is.',
    access: { scope: 'runs:read', workflow: true },
    parameters: [
      run,
      {
        name: 'outcome',
        in: 'path',
        required: true,
        description: 'Which records.',
        schema: { type: 'string', enum: ['ok', 'failed', 'unprocessed'] },
        example: 'failed',
      },
    ],
    responses: {
      200: {
        description: 'The records in the format in which they were sent.',
        content: {
          'text/csv': bytes('sku,location,quantity,tieout_row,tieout_code,tieout_message,tieout_fix\r\n'),
          'application/x-ndjson': bytes('{"sku":"00042","quantity":"many","tieout_row":17}\n'),
          'application/json': {
            schema: { type: 'array', items: { type: 'object' } },
            examples: { example: [{ sku: '00042', quantity: 'many', tieout_row: 17 }] },
          },
          'application/xml': bytes('<records><record><sku>00042</sku></record></records>'),
        },
      },
    },
    errors: ['RUN_UNKNOWN', 'UPLOAD_GONE', 'RUN_ALREADY_GOING'],
    repeat: 'safe',
  },
  getPlan: {
    method: 'GET',
    path: '/v1/runs/{run}/plan',
    group: 'runs',
    summary: 'Read what a plan found',
    description: 'Counts, samples with values before and after, deletes, calls and minutes.',
    access: { scope: 'runs:read', workflow: true },
    parameters: [id('run', 'Id of a run of kind plan.')],
    responses: { 200: { description: 'The plan.', content: entity('Plan') } },
    errors: ['RUN_UNKNOWN'],
    repeat: 'safe',
  },
})
