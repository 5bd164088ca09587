import {
  NodeConnectionTypes,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  type IPollFunctions,
} from 'n8n-workflow'
import { exceptionTrigger } from '../../steps'
import { feedProperties } from '../shared/feed-properties'

export class TieoutExceptionTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Tieout Exception Trigger',
    name: 'tieoutExceptionTrigger',
    icon: { light: 'file:../../icons/tieout.svg', dark: 'file:../../icons/tieout.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: '={{ $parameter["workflow"] || "all workflows" }}',
    description: 'Starts when records on a Tieout gateway need a person',
    defaults: { name: 'Tieout Exception Trigger' },
    polling: true,
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'tieoutGatewayApi', required: true }],
    properties: [
      {
        displayName: 'Events',
        name: 'events',
        type: 'multiOptions',
        options: [
          { name: 'Failed Again', value: 'exception.failed-again' },
          { name: 'Fixed', value: 'exception.fixed' },
          { name: 'Opened', value: 'exception.opened' },
          { name: 'Reopened', value: 'exception.reopened' },
          { name: 'Resolved', value: 'exception.resolved' },
        ],
        required: true,
        default: ['exception.opened', 'exception.reopened'],
      },
      ...feedProperties,
    ],
  }

  async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
    return await exceptionTrigger(this)
  }
}
