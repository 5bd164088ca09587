export { scratch } from './memory'
export {
  addCompared,
  addField,
  fieldFrom,
  fieldKind,
  fieldSize,
  putBoolean,
  putNothing,
  putNumber,
  putText,
} from './row-slots'
export { newLayout, setColumn, setNullText } from './layout'
export { blockOf, loadRows, takeWide, useLayout, walkRow } from './row-walk'
export { addKeyField } from './row-key'
export { addKeyPart, beginKey, clearEntries, entriesAt, entriesSize, roomForEntries } from './row-entries'
export { addDimension } from './row-group'
export { groupCount, groupText } from './group-index'
export {
  addFactor,
  addMeasure,
  groupRows,
  sumCount,
  sumHigh,
  sumLow,
  sumUnits,
  sumUnitsHigh,
  unitOf,
} from './byte-totals'
export {
  agreedRows,
  closeTable,
  dropTable,
  firstPlace,
  flush,
  keyBytes,
  lastMore,
  moreBefore,
  morePlace,
  moreSide,
  nextKey,
  nextUnequal,
  openTable,
  repeatedRows,
  tableEnd,
  tableKeys,
  tableSize,
  takeEntries,
  unload,
} from './pair-table'
export {
  beginSide,
  linesTaken,
  rowEnd,
  rowsTaken,
  stoppedAt,
  takeKeyed,
  takeRecord,
  takeRows,
} from './row-intake'
