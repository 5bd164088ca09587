import type { INodeProperties } from 'n8n-workflow'

export const headersOption: INodeProperties = {
  displayName: 'Headers',
  name: 'headers',
  type: 'string',
  typeOptions: { rows: 3 },
  default: '',
  placeholder: 'e.g. Accept-Language: en',
  description: 'One header on each line',
}

export const rateOption: INodeProperties = {
  displayName: 'Rate',
  name: 'rate',
  type: 'string',
  default: '',
  placeholder: 'e.g. 100/min',
  description: 'What the service allows; default: what its headers say',
}
