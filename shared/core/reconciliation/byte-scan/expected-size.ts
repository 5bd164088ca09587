import type { ReconcileSettings } from '../settings'
import type { FieldPlan } from './column-plan'
import { PairTable, TABLE_BYTES } from './pair-table'
import { newIntake, RowIntake } from './row-intake'
import { SideScan, type ByteSide } from './side-scan'

/** What a table of all keys comes to, by the first rows: a table of the right size need not grow. */
export interface ExpectedSize {
  keys: number
  keyWords: number
  /** Of a row, on the side where they are longer. */
  rowBytes: number
  /** With everything. */
  bytes: number
}

const SAMPLE = 500

export async function expectedSize(
  settings: ReconcileSettings,
  plan: FieldPlan,
  sides: readonly ByteSide[],
): Promise<ExpectedSize> {
  let keys = 0
  let keyWords = 0
  let rowBytes = 1
  for (const side of sides) {
    const table = new PairTable(plan.key.length)
    const intake = new RowIntake(0, settings, plan, newIntake(settings, plan, table))
    const scan = new SideScan(side, plan, intake)
    for await (const read of scan.blocks()) if (read >= SAMPLE) break
    table.flush()
    if (scan.records === 0) continue
    const size = side.files.reduce((sum, file) => sum + file.size, 0)
    const rows = Math.ceil(((size * scan.records) / scan.bytes) * 1.03) + 64
    const { size: found } = table
    rowBytes = Math.max(rowBytes, scan.bytes / scan.records)
    keys = Math.max(keys, rows)
    keyWords = Math.max(keyWords, Math.ceil((rows * found.words) / Math.max(1, found.keys)))
  }
  return { keys, keyWords, rowBytes, bytes: keys * TABLE_BYTES + keyWords * 4 }
}
