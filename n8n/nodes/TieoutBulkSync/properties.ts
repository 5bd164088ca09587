import type { INodeProperties } from 'n8n-workflow'
import { apiReadProperties, authenticationProperty } from '../shared/api-read-properties'
import { gatewayProperties } from '../shared/gateway-properties'
import { apiWriteProperties } from './api-write-properties'
import { mappingProperties } from './mapping-properties'

const READS = ['sync', 'plan', 'upload']
const here = { operation: ['sync', 'plan'] }
const toApi = { operation: ['sync'] }

const approve: INodeProperties = {
  displayName: 'Approve',
  name: 'approve',
  type: 'string',
  default: '',
  placeholder: 'e.g. 5f0c1d2e3a4b5c6d',
  description: 'Lets a run do exactly what it stopped for: the hash that it told then',
}

const gatewayOptions: INodeProperties = {
  displayName: 'Options',
  name: 'gatewayOptions',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  displayOptions: { show: { operation: ['run', 'upload'] } },
  options: [approve],
}

const options: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  displayOptions: { show: here },
  options: [
    approve,
    {
      displayName: 'Batch Size',
      name: 'batchSize',
      type: 'number',
      typeOptions: { minValue: 1 },
      default: 500,
      description: 'Records in one batch',
    },
    {
      displayName: 'Changes As',
      name: 'changes',
      type: 'options',
      options: [
        {
          name: 'Batches',
          value: 'batches',
          description: 'One item for each batch, with its records as a list',
        },
        { name: 'Records', value: 'records', description: 'One item for each record' },
      ],
      default: 'records',
      description: 'What the output Changes holds',
    },
    {
      displayName: 'Cursor Field',
      name: 'cursorField',
      type: 'string',
      default: '',
      placeholder: 'e.g. updatedAt',
      description:
        'Reads only what changed: a field of the source that grows with every change; the receipt holds the state for the next run',
    },
    {
      displayName: 'Cursor Lag',
      name: 'cursorLag',
      type: 'string',
      default: '0s',
      placeholder: 'e.g. 5m',
      description: 'How far to reach back, for records that become visible late',
    },
    {
      displayName: 'Delete Guard (%)',
      name: 'deleteGuard',
      type: 'number',
      typeOptions: { minValue: 0, maxValue: 100 },
      default: 10,
      description:
        'The run holds its deletes when they are more than this share of the records of the target',
    },
    {
      displayName: 'Most Exceptions',
      name: 'mostExceptions',
      type: 'number',
      typeOptions: { minValue: 0 },
      default: 10000,
      description: 'How many exceptions become items; the receipt counts all',
    },
    {
      displayName: 'Pass Other Fields',
      name: 'passOthers',
      type: 'boolean',
      default: false,
      description: 'Whether fields of the source that no row of Mapping uses keep their names, too',
    },
    {
      displayName: 'Reject Guard (%)',
      name: 'rejectGuard',
      type: 'number',
      typeOptions: { minValue: 0, maxValue: 100 },
      default: 20,
      description: 'The run stops when more than this share of the records is refused',
    },
    {
      displayName: 'Requests at Once',
      name: 'concurrency',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 32 },
      default: 4,
    },
    {
      displayName: 'Run Key',
      name: 'runKey',
      type: 'string',
      default: '',
      placeholder: 'e.g. {{ $today.toISODate() }}',
      description:
        'A text that is the same when this run is started again, so that its batches carry the same idempotency keys; default: the execution',
    },
    {
      displayName: 'State',
      name: 'state',
      type: 'string',
      default: '',
      placeholder: 'e.g. {{ $json.state }}',
      description: 'The state of the last receipt, from wherever you keep it; without it everything is read',
    },
    {
      displayName: 'Wait for an Outage',
      name: 'waitFor',
      type: 'string',
      default: '15m',
      description: 'How long a service that is down is waited for: 30s, 15m, 2h',
    },
  ],
}

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    options: [
      {
        name: 'Plan Changes',
        value: 'plan',
        action: 'Plan changes for other nodes',
        description: 'Compare two inputs: what has to be created, updated and deleted leaves as items',
      },
      {
        name: 'Run Gateway Workflow',
        value: 'run',
        action: 'Run a workflow of a gateway',
        description: 'A Tieout gateway does the work and keeps checkpoints, exceptions and receipts',
      },
      {
        name: 'Sync to API',
        value: 'sync',
        action: 'Sync to an API',
        description: 'Write records to an HTTP API in safe batches; from an API they never become items',
      },
      {
        name: 'Upload to Gateway Workflow',
        value: 'upload',
        action: 'Upload to a workflow of a gateway',
        description: 'Send records to a Tieout gateway, which maps, checks and writes them',
      },
    ],
    default: 'plan',
  },
  {
    displayName: 'Source',
    name: 'source',
    type: 'options',
    options: [
      { name: 'HTTP API', value: 'api', description: 'Read page by page; records never become items' },
      { name: 'Input Items', value: 'items', description: 'The items of the first input' },
    ],
    default: 'items',
    description: 'Where the records come from',
    displayOptions: { show: { operation: READS } },
  },
  authenticationProperty('source', { operation: READS, source: ['api'] }),
  ...apiReadProperties('source', { operation: READS, source: ['api'] }),
  authenticationProperty('target', toApi),
  ...apiWriteProperties,
  ...gatewayProperties({ operation: ['run', 'upload'] }),
  {
    displayName: 'Mode',
    name: 'mode',
    type: 'options',
    options: [
      { name: 'Append', value: 'append', description: 'Add every record' },
      { name: 'Create Only', value: 'insert-only', description: 'Add records that are not there' },
      {
        name: 'Create or Update',
        value: 'upsert',
        description: 'Create a new record, or update the current one if it already exists (upsert)',
      },
      { name: 'Mirror', value: 'mirror', description: 'Also delete what the source no longer has' },
      { name: 'Update Only', value: 'update-only', description: 'Change records that are there' },
    ],
    default: 'upsert',
    displayOptions: { show: here },
  },
  {
    displayName: 'Already in the Target',
    name: 'known',
    type: 'options',
    options: [
      {
        name: 'Not Known',
        value: 'nothing',
        description: 'Every record is sent in every run: nothing is kept between executions',
      },
      {
        name: 'Read From the Target',
        value: 'target',
        description: 'The target is listed first and only what differs is sent',
      },
    ],
    default: 'nothing',
    displayOptions: { show: toApi },
  },
  ...apiReadProperties('target', { ...toApi, known: ['target'] }),
  ...mappingProperties,
  {
    displayName: 'Preview',
    name: 'preview',
    type: 'boolean',
    default: false,
    description: 'Whether only to tell what would be done; nothing is written',
    displayOptions: { show: { operation: ['sync', 'run'] } },
  },
  options,
  gatewayOptions,
]
