import type { INodeProperties } from 'n8n-workflow'
import { headersOption, rateOption } from '../shared/request-options'

const displayOptions = { show: { operation: ['sync'] } }

/** How an HTTP API is written. */
export const apiWriteProperties: INodeProperties[] = [
  {
    displayName: 'Target URL',
    name: 'targetUrl',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. https://api.example.com/v1/stock-levels/bulk',
    description:
      'Where records are sent; {field} stands for a value of the record and makes it one request each',
    displayOptions,
  },
  {
    displayName: 'Target Method',
    name: 'targetMethod',
    type: 'options',
    options: [
      { name: 'PATCH', value: 'PATCH' },
      { name: 'POST', value: 'POST' },
      { name: 'PUT', value: 'PUT' },
    ],
    default: 'POST',
    displayOptions,
  },
  {
    displayName: 'Records per Request',
    name: 'targetBatchSize',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 500,
    description: 'With 1 each record is sent as it is, otherwise as a list',
    displayOptions,
  },
  {
    displayName: 'Outcome of Records',
    name: 'targetResults',
    type: 'options',
    options: [
      {
        name: 'All Taken With a 2xx',
        value: 'all',
        description: 'The service takes a request as a whole or not at all',
      },
      { name: 'List in the Answer', value: 'list', description: 'Declared under Target Options' },
      { name: 'Recognise', value: 'auto', description: 'A list with a status for each record, as with 207' },
    ],
    default: 'auto',
    description:
      'Where the answer says what became of each record; what nobody understands counts as unknown, never as done',
    displayOptions,
  },
  {
    displayName: 'Target Options',
    name: 'targetOptions',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    displayOptions,
    options: [
      {
        displayName: 'Delete Method',
        name: 'deleteMethod',
        type: 'options',
        options: [
          { name: 'DELETE', value: 'DELETE' },
          { name: 'POST', value: 'POST' },
        ],
        default: 'DELETE',
      },
      {
        displayName: 'Delete URL',
        name: 'deleteUrl',
        type: 'string',
        default: '',
        placeholder: 'e.g. https://api.example.com/v1/items/{sku}',
        description: 'Where records are deleted, for the mode Mirror',
      },
      headersOption,
      {
        displayName: 'Idempotency Header',
        name: 'idempotencyHeader',
        type: 'string',
        default: '',
        placeholder: 'e.g. Idempotency-Key',
        description: 'The header by which the service recognises a request that comes again',
      },
      rateOption,
      {
        displayName: 'Records Path in the Body',
        name: 'wrap',
        type: 'string',
        default: '',
        placeholder: 'e.g. items',
        description: 'Where the list stands in the body; empty sends the bare list',
      },
      {
        displayName: 'Refused Batch Has Written Nothing',
        name: 'atomic',
        type: 'boolean',
        default: false,
        description: 'Whether a refused batch may be split to find the records at fault',
      },
      {
        displayName: 'Repeating Doubles Records',
        name: 'doubles',
        type: 'boolean',
        default: false,
        description: 'Whether the service would add a record again that it already has',
      },
      {
        displayName: 'Result Key Field',
        name: 'resultId',
        type: 'string',
        default: '',
        description:
          'The field of a result that holds the key; default: results stand in the order of the records',
      },
      { displayName: 'Result Message Field', name: 'resultMessage', type: 'string', default: 'message' },
      { displayName: 'Result Status Field', name: 'resultStatus', type: 'string', default: 'status' },
      {
        displayName: 'Results Path',
        name: 'resultsAt',
        type: 'string',
        default: '',
        placeholder: 'e.g. results',
        description: 'Where the list of results stands in the answer',
      },
    ],
  },
]
