import type { FirstPass } from './first-pass'
import { bytePass } from './byte-scan/byte-pass'
import { openPushDown } from './push-down'
import { RecordPass, type PassRequest } from './record-pass'

/** The fastest way that both sides allow. All give the same result. */
export async function choosePass(request: PassRequest): Promise<FirstPass> {
  return (await openPushDown(request)) ?? (await bytePass(request)) ?? new RecordPass(request)
}
