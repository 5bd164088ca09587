import { bytes, entity, json, page } from './content'
import { describe, type RequestBody } from './operation'

const anything: RequestBody = {
  required: false,
  description: 'Anything, to see what arrives of it.',
  content: { '*/*': bytes('abc') },
}

export const service = describe({
  getService: {
    method: 'GET',
    path: '/v1',
    group: 'service',
    summary: 'Read what this gateway is and where things are',
    description: 'Version, links, time of its clock.',
    access: 'public',
    parameters: [],
    responses: { 200: { description: 'The gateway.', content: entity('Service') } },
    errors: [],
    repeat: 'safe',
  },
  getHealth: {
    method: 'GET',
    path: '/healthz',
    group: 'service',
    summary: 'Ask whether it is up',
    description: 'For load balancers.',
    access: 'public',
    parameters: [],
    responses: { 200: { description: 'It is.', content: entity('Health') } },
    errors: [],
    repeat: 'safe',
  },
  getDiagnostics: {
    method: 'GET',
    path: '/v1/diagnostics',
    group: 'service',
    summary: 'See what arrives here of a request',
    description: 'Address, TLS, client certificate, headers, clock difference, and what was lost on the way.',
    access: 'public',
    parameters: [],
    responses: {
      200: { description: 'What arrived.', content: entity('Diagnostics') },
    },
    errors: [],
    repeat: 'safe',
  },
  postDiagnostics: {
    method: 'POST',
    path: '/v1/diagnostics',
    group: 'service',
    summary: 'See what arrives here of a request with a body',
    description: 'The same, with size, digest and encoding of the body.',
    access: 'public',
    parameters: [],
    request: anything,
    responses: {
      200: { description: 'What arrived.', content: entity('Diagnostics') },
    },
    errors: [],
    repeat: 'safe',
  },
  listErrors: {
    method: 'GET',
    path: '/errors',
    group: 'service',
    summary: 'Read the dictionary of errors',
    description: 'As JSON, CSV or HTML.',
    access: 'public',
    parameters: [],
    responses: {
      200: {
        description: 'All codes.',
        content: {
          ...page('ErrorEntry'),
          'text/csv': bytes('code,number\r\n'),
          'text/html': bytes('<!doctype html>'),
        },
      },
    },
    errors: [],
    repeat: 'safe',
  },
  getError: {
    method: 'GET',
    path: '/errors/{code}',
    group: 'service',
    summary: 'Read what an error means and who does what',
    description: 'The page that every problem links to.',
    access: 'public',
    parameters: [
      {
        name: 'code',
        in: 'path',
        required: true,
        description: 'Code or number.',
        schema: { type: 'string', pattern: '^[A-Z0-9_]{1,64}$' },
        example: 'PROXY_AUTH_REQUIRED',
      },
    ],
    responses: {
      200: {
        description: 'The entry.',
        content: { ...entity('ErrorEntry'), 'text/html': bytes('<!doctype html>') },
      },
    },
    errors: ['ERROR_UNKNOWN'],
    repeat: 'safe',
  },
  getOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    group: 'service',
    summary: 'Download the OpenAPI 3.1 document',
    description: 'The whole API; `/openapi-3.0.json` for importers that stop there.',
    access: 'public',
    parameters: [],
    responses: {
      200: { description: 'The document.', content: json({ type: 'object' }, { openapi: '3.1.1' }) },
    },
    errors: [],
    repeat: 'safe',
  },
  getOpenApi30: {
    method: 'GET',
    path: '/openapi-3.0.json',
    group: 'service',
    summary: 'Download the OpenAPI 3.0 document',
    description: 'The same API, for importers that do not know 3.1.',
    access: 'public',
    parameters: [],
    responses: {
      200: { description: 'The document.', content: json({ type: 'object' }, { openapi: '3.0.4' }) },
    },
    errors: [],
    repeat: 'safe',
  },
})
