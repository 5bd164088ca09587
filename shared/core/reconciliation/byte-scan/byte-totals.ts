import { plainNumber } from '../../record/decimal'
import type { Value } from '../../record/value'
import { dimensionTexts } from '../dimension'
import type { GroupTotals, SideTotals } from '../first-pass'
import type { MeasureTotals } from '../measure-totals'
import type { ReconcileSettings } from '../settings'
import type { ByteScan } from './byte-scan'
import { valueOf } from './byte-values'
import type { SideNumber } from './pair-table'

/** What the scan added up by dimensions. */
export function byteTotals(scan: ByteScan, settings: ReconcileSettings): GroupTotals[] {
  const texts = dimensionTexts(settings)
  return Array.from({ length: scan.code.groupCount() }, (_, group) => {
    const values = groupValues(scan, group, texts.length)
    return {
      dimensions: texts.map((textOf, i) => textOf(values[i])),
      source: sideTotals(scan, group, 0, settings),
      target: sideTotals(scan, group, 1, settings),
    }
  })
}

function groupValues({ code, bytes }: ByteScan, group: number, parts: number): (Value | undefined)[] {
  const view = new DataView(bytes.buffer)
  let at = code.groupText(group)
  return Array.from({ length: parts }, () => {
    const head = view.getUint32(at, true)
    const from = at + 4
    at = from + (head >>> 3)
    return valueOf(head & 7, bytes.subarray(from, at))
  })
}

function sideTotals(
  { code }: ByteScan,
  group: number,
  side: SideNumber,
  { measures }: ReconcileSettings,
): SideTotals {
  return {
    records: code.groupRows(group, side),
    measures: measures.map((_, measure): MeasureTotals => {
      const count = code.sumCount(group, side, measure)
      const units =
        (code.sumUnitsHigh(group, side, measure) << 64n) |
        BigInt.asUintN(64, code.sumUnits(group, side, measure))
      const sum = decimalText(units, code.unitOf(measure))
      if (count === 0) return { count, sum }
      const [low, high] = [code.sumLow(group, side, measure), code.sumHigh(group, side, measure)]
      return { count, sum, min: plainNumber(low), max: plainNumber(high) }
    }),
  }
}

/** Without an exponent, and without zeros at the end. */
function decimalText(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const decimals = digits.slice(digits.length - scale).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${whole}${decimals === '' ? '' : '.'}${decimals}`
}
