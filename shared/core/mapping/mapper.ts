import type { Ledger } from '../record/ledger'
import type { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'

/** Turns a source record into a mapped record, or says why it can't. Never changes its input. */
export interface Mapper {
  /** The record itself where there is nothing to change. */
  map(record: DataRecord, ledger: Ledger): DataRecord | Rejection
  /**
   * Only these fields of the mapped record, so that a record that cannot be mapped is known by its key all the same;
   * undefined where they cannot be mapped either.
   */
  part?(record: DataRecord, fields: readonly string[]): DataRecord | undefined
}
