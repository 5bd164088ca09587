import type { INodeProperties } from 'n8n-workflow'
import { headersOption, rateOption } from './request-options'

type Show = NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>

/** How the service knows who calls; a node has one credential of each type, so each side has types of its own. */
export function authenticationProperty(side: 'source' | 'target', show: Show): INodeProperties {
  return {
    displayName: side === 'source' ? 'Source Authentication' : 'Target Authentication',
    name: `${side}Authentication`,
    type: 'options',
    options: [
      { name: 'Key, Password, Token or Certificate', value: 'credential' },
      { name: 'None', value: 'none' },
      { name: 'OAuth2', value: 'oAuth2' },
    ],
    default: 'none',
    displayOptions: { show },
  }
}

/** How an HTTP API is read: page by page, without making items of records. */
export function apiReadProperties(prefix: 'source' | 'target', show: Show): INodeProperties[] {
  const displayOptions = { show }
  const name = (of: string): string => `${prefix}${of}`
  return [
    {
      displayName: prefix === 'source' ? 'Source URL' : 'Target Listing URL',
      name: name('ReadUrl'),
      type: 'string',
      default: '',
      required: true,
      placeholder: 'e.g. https://api.example.com/v1/items',
      description: 'The address that lists the records',
      displayOptions,
    },
    {
      displayName: prefix === 'source' ? 'Records Path' : 'Target Records Path',
      name: name('Records'),
      type: 'string',
      default: '',
      placeholder: 'e.g. data.items',
      description: 'Where the list of records stands in the answer; empty when the answer is the list',
      displayOptions,
    },
    {
      displayName: prefix === 'source' ? 'Paging' : 'Target Paging',
      name: name('Paging'),
      type: 'options',
      options: [
        {
          name: 'Address in the Answer',
          value: 'next',
          description: 'The answer holds the address of the next page',
        },
        {
          name: 'Cursor',
          value: 'cursor',
          description: 'The answer holds a text that asks for the next page',
        },
        {
          name: 'Last Key',
          value: 'keyset',
          description: 'The next page begins after the key of the last record',
        },
        { name: 'Link Header', value: 'link', description: 'The header Link names the next page (RFC 8288)' },
        { name: 'None', value: 'none', description: 'One answer holds everything' },
        { name: 'Offset', value: 'offset', description: 'A parameter says how many records to pass over' },
        { name: 'Page Number', value: 'page', description: 'A parameter counts the pages' },
      ],
      default: 'none',
      description: 'How the listing goes on after the first page',
      displayOptions,
    },
    {
      displayName: 'Paging Options',
      name: name('PagingOptions'),
      type: 'collection',
      placeholder: 'Add Paging Option',
      default: {},
      displayOptions: { show, hide: { [name('Paging')]: ['none'] } },
      options: [
        {
          displayName: 'First Page or Offset',
          name: 'first',
          type: 'number',
          default: 1,
          description: 'The number that the first page has',
        },
        {
          displayName: 'Key Field',
          name: 'field',
          type: 'string',
          default: '',
          placeholder: 'e.g. sku',
          description: 'The field whose value the next page begins after',
        },
        {
          displayName: 'Next Page Path',
          name: 'at',
          type: 'string',
          default: '',
          placeholder: 'e.g. /next, for FHIR /link[relation=next]/url',
          description:
            'Where the cursor or address of the next page stands in the answer (JSON pointer; an entry of a list can be named by a field)',
        },
        {
          displayName: 'Page Parameter',
          name: 'parameter',
          type: 'string',
          default: '',
          placeholder: 'e.g. page',
          description: 'The query parameter that asks for a page',
        },
        { displayName: 'Page Size', name: 'size', type: 'number', default: 1000 },
        {
          displayName: 'Page Size Parameter',
          name: 'sizeParameter',
          type: 'string',
          default: '',
          placeholder: 'e.g. limit',
          description: 'The query parameter that asks for a page size',
        },
        {
          displayName: 'Status After the Last Page',
          name: 'endStatus',
          type: 'number',
          default: 404,
          description: 'What the service answers beyond the last page',
        },
      ],
    },
    {
      displayName: prefix === 'source' ? 'Source Options' : 'Target Listing Options',
      name: name('ReadOptions'),
      type: 'collection',
      placeholder: 'Add Option',
      default: {},
      displayOptions,
      options: [
        {
          displayName: 'Changed Since Format',
          name: 'sinceFormat',
          type: 'options',
          options: [
            { name: 'Date', value: 'date' },
            { name: 'Date and Time (ISO 8601)', value: 'iso' },
            { name: 'Milliseconds Since 1970', value: 'epochMs' },
            { name: 'Seconds Since 1970', value: 'epochSeconds' },
          ],
          default: 'iso',
        },
        {
          displayName: 'Changed Since Parameter',
          name: 'sinceParameter',
          type: 'string',
          default: '',
          placeholder: 'e.g. updated_after',
          description: 'The query parameter that asks for records that changed since a time',
        },
        {
          displayName: 'Format',
          name: 'format',
          type: 'options',
          options: [
            { name: 'CSV', value: 'csv' },
            { name: 'JSON', value: 'json' },
            { name: 'JSON Lines', value: 'ndjson' },
            { name: 'XML', value: 'xml' },
          ],
          default: 'json',
        },
        headersOption,
        rateOption,
        {
          displayName: 'Total',
          name: 'total',
          type: 'string',
          default: '',
          placeholder: 'e.g. /total',
          description:
            'Where the service says how many records there are: a JSON pointer or a header; proves that the listing is whole',
        },
      ],
    },
  ]
}
