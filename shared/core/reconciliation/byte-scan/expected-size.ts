import { BlockReader } from './block-reader'
import { ByteText } from './byte-keys'
import type { FieldPlan } from './column-plan'
import { TABLE_BYTES } from './pair-table'
import { RowKey } from './row-key'
import { walkOf, type ByteSide } from './side-scan'

/** What a table of all keys comes to, by the first rows: a table of the right size need not grow. */
export interface ExpectedSize {
  keys: number
  keyWords: number
  /** With everything. */
  bytes: number
}

export async function expectedSize(plan: FieldPlan, sides: readonly ByteSide[]): Promise<ExpectedSize> {
  let keys = 0
  let keyWords = 0
  for (const side of sides) {
    const sample = await sampleOf(plan, side)
    const size = side.files.reduce((sum, file) => sum + file.size, 0)
    const rows = Math.ceil((size / Math.max(1, sample.rowBytes)) * 1.03) + 64
    keys = Math.max(keys, rows)
    keyWords = Math.max(keyWords, Math.ceil(rows * sample.keyWords))
  }
  return { keys, keyWords, bytes: keys * TABLE_BYTES + keyWords * 4 }
}

const SAMPLE = 500

/** Averages over the first rows of the first file with anything in it. */
async function sampleOf(plan: FieldPlan, side: ByteSide): Promise<{ rowBytes: number; keyWords: number }> {
  for (const file of side.files) {
    const walk = walkOf(plan, side, file)
    if (!walk || !file.layout) continue
    const key = new RowKey(plan)
    const text = new ByteText()
    const opened = await file.open()
    try {
      await new BlockReader(opened, file.name, file.layout.body.offset).next(walk)
      let [rows, keys, at] = [0, 0, 0]
      for (let next = walk.row(0); next > at && rows < SAMPLE; next = at < walk.end ? walk.row(at) : -1) {
        if (walk.state === 'plain' && key.ofWalk(walk, text)) keys += text.length
        rows++
        at = next
      }
      if (rows > 0) return { rowBytes: at / rows, keyWords: keys / rows }
    } finally {
      await opened.close()
    }
  }
  return { rowBytes: 1, keyWords: 0 }
}
