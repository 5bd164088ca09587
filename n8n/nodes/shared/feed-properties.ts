import type { INodeProperties } from 'n8n-workflow'

/** Which part of a gateway's feed starts a workflow, beside what each trigger asks for itself. */
export const feedProperties: INodeProperties[] = [
  {
    displayName: 'Workflow',
    name: 'workflow',
    type: 'string',
    default: '',
    placeholder: 'e.g. inventory',
    description: 'Name of the workflow on the gateway; empty for all',
  },
  {
    displayName: 'Start From',
    name: 'startFrom',
    type: 'options',
    options: [
      { name: 'Beginning', value: 'beginning', description: 'Everything that the gateway still knows' },
      { name: 'Now', value: 'now', description: 'What happens once the workflow is published' },
    ],
    default: 'now',
    description: 'Where a trigger begins that has never started the workflow',
  },
]
