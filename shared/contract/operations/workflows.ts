import { entity, page } from './content'
import { describe } from './operation'
import { after, limit, query, workflow } from './parameters'

export const workflows = describe({
  listWorkflows: {
    method: 'GET',
    path: '/v1/workflows',
    group: 'workflows',
    summary: 'List the workflows that the key may use',
    description: 'Names, titles and what each one moves.',
    access: { scope: 'runs:read', workflow: false },
    parameters: [after, limit],
    responses: { 200: { description: 'The workflows.', content: page('Workflow') } },
    errors: ['CURSOR_UNKNOWN'],
    repeat: 'safe',
  },
  getWorkflow: {
    method: 'GET',
    path: '/v1/workflows/{workflow}',
    group: 'workflows',
    summary: 'Read a workflow with the schema of its records',
    description: 'Key, mode, dimensions and the JSON Schema of its records.',
    access: { scope: 'runs:read', workflow: true },
    parameters: [workflow],
    responses: { 200: { description: 'The workflow.', content: entity('Workflow') } },
    errors: [],
    repeat: 'safe',
  },
  getForecast: {
    method: 'GET',
    path: '/v1/workflows/{workflow}/forecast',
    group: 'workflows',
    summary: 'Ask whether tonight fits the limits',
    description:
      'Whether so many records fit what is left of each limit of records, and which one would refuse. How many bytes they have nobody knows before: see /v1/limits.',
    access: { scope: 'runs:read', workflow: true },
    parameters: [
      workflow,
      query('records', 'How many are to come.', { type: 'integer', minimum: 1, maximum: 1000000000 }, 50000),
    ],
    responses: { 200: { description: 'The forecast.', content: entity('Forecast') } },
    errors: [],
    repeat: 'safe',
  },
})
