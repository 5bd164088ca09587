import type { IExecuteFunctions } from 'n8n-workflow'
import type { DataRecord } from '../../../shared/core/record/value'
import { text } from '../../../shared/core/settings'
import type { Run } from '../../../shared/generated/client-types'
import { record } from '../../host/parameters'

/** Beside the steps of a run that asks. */
export const WHERE_TO_APPROVE = { do: 'In n8n: put the hash under Options, Approve, and execute once more.' }

/** How to let a run do what a guard holds. */
export function approving(hash: string): string {
  return `put ${hash} under Options, Approve, and execute once more`
}

/** The hash that a run of a gateway is given. */
export function approvalOf(node: IExecuteFunctions): string | undefined {
  return approvalIn(record(node.getNodeParameter('gatewayOptions', 0, {})))
}

export function approvalIn(options: DataRecord): string | undefined {
  const approve = text(options, 'approve')?.trim() ?? ''
  return approve === '' ? undefined : approve
}

/** Whether a run stopped until somebody says which system its target is. */
export function asks({ problem }: Run): boolean {
  return problem?.code === 'TARGET_MOVED'
}
