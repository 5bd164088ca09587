import type { INodeProperties, ResourceMapperTypeOptions } from 'n8n-workflow'

const mapper: ResourceMapperTypeOptions = {
  resourceMapperMethod: 'mappingFields',
  mode: 'upsert',
  fieldWords: { singular: 'field', plural: 'fields' },
  addAllFields: true,
  supportAutoMap: true,
  valuesLabel: 'Values to Send',
}

const mapping: INodeProperties = {
  displayName: 'Mapping',
  name: 'mapping',
  type: 'resourceMapper',
  noDataExpression: true,
  default: { mappingMode: 'autoMapInputData', value: null },
  description:
    'Where the fields of the target come from: a field of the source, dragged here or named in an expression; a fixed value is sent as it is',
}

/** Which fields of the target are filled from where, and which of them identify a record. */
export const mappingProperties: INodeProperties[] = [
  {
    displayName: 'Target Fields',
    name: 'targetFields',
    type: 'string',
    default: '',
    placeholder: 'e.g. sku, quantity',
    description:
      'Fields that Mapping offers beside those it finds: it reads a target that is listed, or a source that is an API, but never input items. The first one is taken for the key.',
    displayOptions: { show: { operation: ['sync', 'plan'] } },
  },
  {
    ...mapping,
    typeOptions: {
      loadOptionsDependsOn: [
        'operation',
        'source',
        'sourceReadUrl',
        'known',
        'targetReadUrl',
        'targetFields',
      ],
      resourceMapper: {
        ...mapper,
        multiKeyMatch: true,
        noFieldsError: 'Name the fields of the target under Target Fields.',
        matchingFieldsLabels: {
          title: 'Key Fields',
          description: 'Fields that identify a record in the target',
          hint: 'A record of the source and one of the target with the same values here are the same record',
        },
      },
    },
    displayOptions: { show: { operation: ['sync', 'plan'] } },
  },
  {
    ...mapping,
    description:
      'Fields of the records that are uploaded; what the workflow itself maps, the gateway does afterwards',
    typeOptions: {
      loadOptionsDependsOn: ['workflow.value'],
      resourceMapper: { ...mapper, mode: 'add' },
    },
    displayOptions: { show: { operation: ['upload'] } },
  },
]
