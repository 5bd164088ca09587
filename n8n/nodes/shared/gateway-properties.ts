import type { INodeProperties } from 'n8n-workflow'

type Show = NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>

/** A workflow that a gateway runs. */
export function gatewayProperties(show: Show): INodeProperties[] {
  return [
    {
      displayName: 'Workflow',
      name: 'workflow',
      type: 'resourceLocator',
      required: true,
      default: { mode: 'list', value: '' },
      description: 'Of the workflows that the credential may use',
      displayOptions: { show },
      modes: [
        {
          displayName: 'From List',
          name: 'list',
          type: 'list',
          typeOptions: { searchListMethod: 'searchWorkflows', searchable: true },
        },
        { displayName: 'By Name', name: 'id', type: 'string', placeholder: 'e.g. inventory' },
      ],
    },
  ]
}
