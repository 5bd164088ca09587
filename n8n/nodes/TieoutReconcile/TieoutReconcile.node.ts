import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow'
import { outputsFor, reconcileSides, searchWorkflows } from '../../steps'
import { credentialsOf } from '../shared/credentials'
import { properties } from './properties'

export class TieoutReconcile implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Tieout Reconcile',
    name: 'tieoutReconcile',
    icon: { light: 'file:../../icons/tieout.svg', dark: 'file:../../icons/tieout.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["operation"] === "run" ? "run workflow" : "by " + $parameter["keyFields"] }}',
    description: 'Prove that two systems agree: what is missing, doubled or different, by how much and why',
    defaults: { name: 'Tieout Reconcile' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    inputNames: ['Source', 'Target'],
    requiredInputs: 1,
    outputs: [
      NodeConnectionTypes.Main,
      NodeConnectionTypes.Main,
      NodeConnectionTypes.Main,
      NodeConnectionTypes.Main,
    ],
    outputNames: ['Breaks', 'Matched', 'Totals', 'Summary'],
    credentials: credentialsOf({
      source: { operation: ['apis'] },
      target: { operation: ['apis'] },
      gateway: { operation: ['run'] },
    }),
    hints: [
      {
        message: 'Nothing is kept between executions: decisions and ages of breaks live on a Tieout gateway.',
        type: 'info',
        location: 'outputPane',
        whenToDisplay: 'beforeExecution',
        displayCondition: '={{ $parameter["operation"] !== "run" }}',
      },
    ],
    properties,
  }

  methods = { listSearch: { searchWorkflows } }

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return outputsFor(this, ['breaks', 'matched', 'totals'], await reconcileSides(this))
  }
}
