import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow'
import { bulkSync, mappingFields, outputsFor, searchWorkflows } from '../../steps'
import { credentialsOf } from '../shared/credentials'
import { properties } from './properties'

export class TieoutBulkSync implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Tieout Bulk Sync',
    name: 'tieoutBulkSync',
    icon: { light: 'file:../../icons/tieout.svg', dark: 'file:../../icons/tieout.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ($parameter["preview"] ? " (preview)" : "") }}',
    description:
      'Move a whole stream of records: only what changed, in safe batches, every record accounted for',
    defaults: { name: 'Tieout Bulk Sync' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    inputNames: ['Source', 'Target'],
    requiredInputs: 1,
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Changes', 'Exceptions', 'Receipt'],
    credentials: credentialsOf({
      source: { operation: ['sync', 'plan', 'upload'], source: ['api'] },
      target: { operation: ['sync'] },
      gateway: { operation: ['run', 'upload'] },
    }),
    hints: [
      {
        message:
          'Nothing is kept between executions. What survives is what you choose: the target itself (read first), a cursor in the state of the receipt, or a workflow on a Tieout gateway.',
        type: 'info',
        location: 'outputPane',
        whenToDisplay: 'beforeExecution',
        displayCondition: '={{ ["plan", "sync"].includes($parameter["operation"]) }}',
      },
    ],
    properties,
  }

  methods = { listSearch: { searchWorkflows }, resourceMapping: { mappingFields } }

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return outputsFor(this, ['changes', 'exceptions'], await bulkSync(this))
  }
}
