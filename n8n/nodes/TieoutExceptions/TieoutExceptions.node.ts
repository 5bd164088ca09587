import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow'
import { exceptions } from '../../steps'
import { properties } from './properties'

export class TieoutExceptions implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Tieout Exceptions',
    name: 'tieoutExceptions',
    icon: { light: 'file:../../icons/tieout.svg', dark: 'file:../../icons/tieout.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Look into records that need a person, decide, fix and send them again, on a Tieout gateway',
    defaults: { name: 'Tieout Exceptions' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'tieoutGatewayApi', required: true }],
    properties,
  }

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return await exceptions(this)
  }
}
