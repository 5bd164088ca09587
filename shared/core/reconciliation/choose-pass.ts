import type { FirstPass } from './first-pass'
import { bytePass } from './byte-scan/byte-pass'
import { openPushDown } from './push-down'
import { fieldsAreGiven } from './fields'
import { RecordPass, type PassRequest } from './record-pass'
import { SortedPass } from './sorted-pass'

/** The way that the workflow asks for, else the fastest that both sides allow. All give the same result. */
export async function choosePass(request: PassRequest): Promise<FirstPass> {
  const { workflow } = request
  if (workflow.reconcile.sorted && fieldsAreGiven(workflow)) return new SortedPass(request)
  return (await openPushDown(request)) ?? (await bytePass(request)) ?? new RecordPass(request)
}
