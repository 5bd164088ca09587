import type { ReconcileSettings } from '../settings'
import { ByteScan } from './byte-scan'
import type { FieldPlan } from './column-plan'
import { PairTable, TABLE_BYTES } from './pair-table'
import { newIntake, RowIntake } from './row-intake'
import { SideScan, type ByteSide } from './side-scan'

/** What a table of all keys comes to, by the first rows: a table of the right size need not grow. */
export interface ExpectedSize {
  keys: number
  keyBytes: number
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
  let keyBytes = 0
  let rowBytes = 1
  for (const side of sides) {
    const scan = new ByteScan(plan)
    const table = new PairTable(scan)
    const intake = new RowIntake(0, settings, plan, newIntake(settings, scan))
    const takeAway = (): void => {
      table.takeAway(0)
    }
    const rows = new SideScan(scan, side, plan, intake, takeAway)
    for await (const read of rows.blocks()) if (read >= SAMPLE) break
    takeAway()
    if (rows.records === 0) continue
    const size = side.files.reduce((sum, file) => sum + file.size, 0)
    const expected = Math.ceil(((size * rows.records) / rows.bytes) * 1.03) + 64
    const { size: found } = table
    rowBytes = Math.max(rowBytes, rows.bytes / rows.records)
    keys = Math.max(keys, expected)
    keyBytes = Math.max(keyBytes, Math.ceil((expected * found.bytes) / Math.max(1, found.keys)))
  }
  return { keys, keyBytes, rowBytes, bytes: keys * TABLE_BYTES + keyBytes }
}
