import { entity, page, POLL } from './content'
import { describe } from './operation'
import { after, idempotencyKey, limit, prefer, workflow } from './parameters'

const REFUSED = [
  'EXCEPTION_UNKNOWN',
  'EXCEPTION_CHANGE_INVALID',
  'FIX_INVALID',
  'FIX_PERSONAL',
  'DECISION_NOT_POSSIBLE',
] as const

export const decisions = describe({
  listDecisions: {
    method: 'GET',
    path: '/v1/workflows/{workflow}/decisions',
    group: 'exceptions',
    summary: 'List what was decided and stands',
    description:
      'Rules in force, in the order they were made. To end one, decide `accept-source` on its exception.',
    access: { scope: 'exceptions:read', workflow: true },
    parameters: [workflow, after, limit],
    responses: { 200: { description: 'The rules.', content: page('Decision') } },
    errors: ['CURSOR_UNKNOWN'],
    repeat: 'safe',
  },
  decideExceptions: {
    method: 'POST',
    path: '/v1/workflows/{workflow}/decisions',
    group: 'exceptions',
    summary: 'Decide which side is right where both systems disagree',
    description:
      'One exception, a group or a filter. What is to be written is sent by this run, with the same safeguards as a retry; what is to stay becomes a rule that stands while both sides hold what they hold. Interrupted, it goes on where it was, and nothing is written or decided twice.',
    access: { scope: 'exceptions:write', workflow: true },
    parameters: [workflow, idempotencyKey, prefer],
    request: {
      required: true,
      description: 'Which, and what.',
      content: entity('DecisionRequest'),
    },
    responses: {
      200: { description: 'It is over; `decided` says what became of them.', content: entity('Run') },
      202: { description: 'It goes on.', headers: POLL, content: entity('Run') },
    },
    errors: [...REFUSED, 'RUN_ALREADY_GOING'],
    repeat: 'key',
  },
  previewDecision: {
    method: 'POST',
    path: '/v1/workflows/{workflow}/decisions/preview',
    group: 'exceptions',
    summary: 'See what a decision would do',
    description: 'Reads source and target of the exceptions; nothing is written and nothing is decided.',
    access: { scope: 'exceptions:read', workflow: true },
    parameters: [workflow],
    request: {
      required: true,
      description: 'The decision.',
      content: entity('DecisionRequest'),
    },
    responses: { 200: { description: 'What it would do.', content: entity('DecisionPreview') } },
    errors: REFUSED,
    repeat: 'safe',
  },
})
