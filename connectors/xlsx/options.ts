export interface XlsxOptions {
  /** Name, or place from 1. */
  sheet: string | number | undefined
  header: boolean
  /** Rows before it are passed over; from 1. */
  headerRow: number
  columns: readonly string[] | undefined
  /** The workbook is to be rewritten: refuse one with more sheets. */
  onlySheet: boolean
}
