import type { INodeProperties } from 'n8n-workflow'
import { apiReadProperties, authenticationProperty } from '../shared/api-read-properties'
import { gatewayProperties } from '../shared/gateway-properties'

const apis = { operation: ['apis'] }
const here: NonNullable<INodeProperties['displayOptions']> = { show: { operation: ['items', 'apis'] } }
const REPORTS = [
  { name: 'CSV', value: 'csv' },
  { name: 'Excel', value: 'xlsx' },
  { name: 'HTML', value: 'html' },
]

const compareRules: INodeProperties = {
  displayName: 'Tolerances',
  name: 'compareRules',
  displayOptions: here,
  type: 'fixedCollection',
  typeOptions: { multipleValues: true },
  placeholder: 'Add Tolerance',
  default: {},
  description: 'How far a field may differ and still agree; every other field is compared exactly',
  options: [
    {
      displayName: 'Rule',
      name: 'rule',
      values: [
        {
          displayName: 'Absent, Null and Empty Are Alike',
          name: 'emptyAlike',
          type: 'boolean',
          default: false,
          description: 'Whether a missing field, null and an empty text count as the same value',
        },
        { displayName: 'Field', name: 'field', type: 'string', default: '', placeholder: 'e.g. amount' },
        {
          displayName: 'Ignore',
          name: 'ignore',
          type: 'multiOptions',
          options: [
            { name: 'Letter Case', value: 'case' },
            { name: 'Order of Lists', value: 'order' },
            { name: 'Spaces', value: 'space' },
          ],
          default: [],
        },
        {
          displayName: 'Number Tolerance',
          name: 'tolerance',
          type: 'number',
          typeOptions: { minValue: 0, numberPrecision: 6 },
          default: 0,
          description: 'Numbers that are no further apart agree',
        },
        {
          displayName: 'Percent Tolerance',
          name: 'percent',
          type: 'number',
          typeOptions: { minValue: 0, maxValue: 100, numberPrecision: 6 },
          default: 0,
          description: 'Numbers that differ by no more than this share of the larger one agree',
        },
        {
          displayName: 'Round to Decimals',
          name: 'decimals',
          type: 'number',
          typeOptions: { minValue: -1, maxValue: 20 },
          default: -1,
          description: 'Both numbers are rounded first; -1 does not round',
        },
        {
          displayName: 'Time Tolerance',
          name: 'within',
          type: 'string',
          default: '',
          placeholder: 'e.g. 5m',
          description: 'Dates and times that are no further apart agree: 30s, 5m, 2h, 1d',
        },
      ],
    },
  ],
}

const dimensions: INodeProperties = {
  displayName: 'Dimensions',
  name: 'dimensions',
  displayOptions: here,
  type: 'fixedCollection',
  typeOptions: { multipleValues: true },
  placeholder: 'Add Dimension',
  default: {},
  description: 'What totals are grouped by, such as location or month',
  options: [
    {
      displayName: 'Dimension',
      name: 'dimension',
      values: [
        { displayName: 'Field', name: 'field', type: 'string', default: '', placeholder: 'e.g. location' },
        {
          displayName: 'By',
          name: 'by',
          type: 'options',
          options: [
            { name: 'Day', value: 'day' },
            { name: 'Month', value: 'month' },
            { name: 'Value', value: 'value' },
            { name: 'Year', value: 'year' },
          ],
          default: 'value',
          description: 'What of the value records are grouped by',
        },
      ],
    },
  ],
}

const options: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  displayOptions: here,
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [
    {
      displayName: 'Cut-Off Field',
      name: 'cutOffField',
      type: 'string',
      default: '',
      placeholder: 'e.g. updatedAt',
      description: 'The field that says when a record changed: breaks of recent changes are pending',
    },
    {
      displayName: 'Cut-Off Window',
      name: 'cutOffWindow',
      type: 'string',
      default: '15m',
      description: 'How long a change may be on its way: 15m, 2h, 1d',
    },
    {
      displayName: 'Fields to Compare',
      name: 'fields',
      type: 'string',
      default: '',
      placeholder: 'e.g. quantity, price',
      description: 'Default: all fields that both sides have',
    },
    {
      displayName: 'Fields to Leave Out',
      name: 'ignoreFields',
      type: 'string',
      default: '',
      placeholder: 'e.g. updatedAt',
      description: 'Not compared; the report says so',
    },
    {
      displayName: 'Ignore in Keys',
      name: 'keyIgnore',
      type: 'multiOptions',
      options: [
        { name: 'Leading Zeros', value: 'zeros' },
        { name: 'Letter Case', value: 'case' },
        { name: 'Surrounding Spaces', value: 'space' },
      ],
      default: [],
      description: 'What does not count when the keys of both sides are brought together',
    },
    {
      displayName: 'Output Matched Items',
      name: 'matched',
      type: 'boolean',
      default: false,
      description: 'Whether source items that agree go to the output Matched',
    },
    {
      displayName: 'Report',
      name: 'reports',
      type: 'multiOptions',
      options: REPORTS,
      default: [],
      description: 'Files that are attached to the item of the output Summary',
    },
    {
      displayName: 'Title',
      name: 'title',
      type: 'string',
      default: '',
      placeholder: 'e.g. Stock of ERP and shop',
      description: 'What the report is called; default: the name of the node',
    },
  ],
}

const gatewayOptions: INodeProperties = {
  displayName: 'Options',
  name: 'gatewayOptions',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  displayOptions: { show: { operation: ['run'] } },
  options: [
    {
      displayName: 'Raise Exceptions',
      name: 'exceptions',
      type: 'boolean',
      default: false,
      description: 'Whether open breaks become exceptions, whatever the workflow says',
    },
    {
      displayName: 'Report',
      name: 'reports',
      type: 'multiOptions',
      options: REPORTS,
      default: [],
      description: 'Files that are attached to the item of the output Summary',
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
        name: 'Reconcile Two APIs',
        value: 'apis',
        action: 'Reconcile two services',
        description: 'Both listings are read page by page; only breaks become items',
      },
      {
        name: 'Reconcile Two Inputs',
        value: 'items',
        action: 'Reconcile two inputs',
        description: 'The items of the inputs Source and Target',
      },
      {
        name: 'Run Gateway Workflow',
        value: 'run',
        action: 'Reconcile a workflow of a gateway',
        description: 'A Tieout gateway does the work and keeps decisions, ages and signatures',
      },
    ],
    default: 'items',
  },
  ...gatewayProperties({ operation: ['run'] }),
  gatewayOptions,
  authenticationProperty('source', apis),
  ...apiReadProperties('source', apis),
  authenticationProperty('target', apis),
  ...apiReadProperties('target', apis),
  {
    displayName: 'Key Fields',
    name: 'keyFields',
    type: 'string',
    default: 'id',
    required: true,
    placeholder: 'e.g. sku, location',
    displayOptions: here,
    description: 'Fields that identify a record on both sides, separated by commas',
  },
  {
    displayName: 'Measures',
    name: 'measures',
    type: 'string',
    default: '',
    placeholder: 'e.g. quantity, amount',
    displayOptions: here,
    description: 'Fields that are added up on both sides, separated by commas; records are always counted',
  },
  dimensions,
  compareRules,
  options,
]
