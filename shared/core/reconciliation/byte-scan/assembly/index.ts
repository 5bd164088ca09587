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
export { keyBytes, keyCount, keysEnd, nextKey } from './key-table'
export { agreedRows, closeTable, flush, openTable, repeatedRows, tableSize, takeEntries } from './pair-table'
export { firstPlace, lastMore, moreBefore, morePlace, moreSide, nextUnequal, unload } from './pair-rows'
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
