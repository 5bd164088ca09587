import type { Ports } from '../ports'
import type { Workflow } from '../workflow'
import type { Age } from './ages'
import type { BreakLog } from './break'
import type { FirstPass } from './first-pass'
import type { PassRequest } from './record-pass'
import type { TrendPoint } from './reconciliation'
import type { SideInput } from './side'
import type { Decision } from './store'

export interface ReconcileRequest {
  /** The run. */
  id: string
  workflow: Workflow
  source: SideInput
  /** Read as it is, through its connection as a source. */
  target: SideInput
  ports: Pick<Ports, 'clock' | 'spill' | 'signer'>
  /** Empty. */
  breaks: BreakLog
  decisions?: readonly Decision[]
  ages?: AsyncIterable<readonly Age[]>
  trend?: readonly TrendPoint[]
  /** Default `choosePass`. */
  firstPass?: (request: PassRequest) => Promise<FirstPass>
  signal: AbortSignal
  onProgress?: (progress: ReconcileProgress) => void
}

export interface ReconcileProgress {
  run: string
  phase: 'reading' | 'matching' | 'second look' | 'explaining'
  /** Records of both sides. */
  read: number
  breaks: number
  elapsedMs: number
}
