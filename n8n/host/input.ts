import type { IExecuteFunctions } from 'n8n-workflow'
import { InputRecords } from './items'

/** The records of one input; none where nothing is connected or nothing arrived. */
export function input(node: IExecuteFunctions, index: number): InputRecords {
  try {
    return new InputRecords(node.getInputData(index))
  } catch {
    // n8n throws for an input that no data arrived on
    return new InputRecords([])
  }
}
