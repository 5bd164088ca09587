import type { ReadingPass } from './first-pass'
import { openPushDown } from './push-down'
import { RecordPass, type PassRequest } from './record-pass'

/** The fastest way that both sides allow. All give the same result. */
export async function choosePass(request: PassRequest): Promise<ReadingPass> {
  return (await openPushDown(request)) ?? new RecordPass(request)
}
