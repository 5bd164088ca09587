import { entity, page } from './content'
import { describe } from './operation'
import { after, limit, query } from './parameters'

export const requests = describe({
  listRequests: {
    method: 'GET',
    path: '/v1/requests',
    group: 'access',
    summary: "List one's own requests and what became of them",
    description:
      'Newest first: those of every key of the client, for 30 days. Never what was in them; personal keys of records are masked.',
    access: { scope: 'runs:read', workflow: false },
    parameters: [
      query('code', 'Only those refused with this code.', { type: 'string', maxLength: 64 }, 'LIMIT_REACHED'),
      query('operation', 'Only of this operation.', { type: 'string', maxLength: 64 }, 'startRun'),
      query(
        'status',
        'Only those answered with this status.',
        { type: 'integer', minimum: 100, maximum: 599 },
        429,
      ),
      after,
      limit,
    ],
    responses: { 200: { description: 'The requests.', content: page('LoggedRequest') } },
    errors: ['CURSOR_UNKNOWN'],
    repeat: 'safe',
  },
  getRequest: {
    method: 'GET',
    path: '/v1/requests/{request}',
    group: 'access',
    summary: 'Read what became of one request',
    description: 'By the id that its answer had in `X-Request-Id`; problems lead here with `requestLogUrl`.',
    access: { scope: 'runs:read', workflow: false },
    parameters: [
      {
        name: 'request',
        in: 'path',
        required: true,
        description: 'Id of the request.',
        schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
        example: 'req_5f0c1d2e3a4b5c6d',
      },
    ],
    responses: { 200: { description: 'The request.', content: entity('LoggedRequest') } },
    errors: ['REQUEST_UNKNOWN'],
    repeat: 'safe',
  },
})
