import {
  NodeConnectionTypes,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  type IPollFunctions,
} from 'n8n-workflow'
import { runTrigger } from '../../steps'
import { feedProperties } from '../shared/feed-properties'

export class TieoutRunTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Tieout Run Trigger',
    name: 'tieoutRunTrigger',
    icon: { light: 'file:../../icons/tieout.svg', dark: 'file:../../icons/tieout.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: '={{ $parameter["workflow"] || "all workflows" }}',
    description: 'Starts when a run or a reconciliation on a Tieout gateway has ended',
    defaults: { name: 'Tieout Run Trigger' },
    polling: true,
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'tieoutGatewayApi', required: true }],
    properties: [
      {
        displayName: 'Statuses',
        name: 'statuses',
        type: 'multiOptions',
        options: [
          { name: 'Breaks', value: 'breaks' },
          { name: 'Exceptions', value: 'exceptions' },
          { name: 'Failed', value: 'failed' },
          { name: 'Held by a Guard', value: 'held' },
          { name: 'Succeeded', value: 'succeeded' },
          { name: 'Ties Out', value: 'ties-out' },
        ],
        default: [],
        description: 'How it ended; none for all',
      },
      ...feedProperties,
    ],
  }

  async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
    return await runTrigger(this)
  }
}
