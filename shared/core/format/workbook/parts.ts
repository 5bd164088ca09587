import { escapeAttribute } from './cell'

export const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** Limits of a sheet (Excel specifications and limits, support.microsoft.com). */
export const MAX_ROWS = 1_048_576
export const MAX_COLUMNS = 16_384
export const MAX_TEXT = 32_767

/** Path of a sheet, counted from 0. */
export function sheetPart(at: number): string {
  return `xl/worksheets/sheet${at + 1}.xml`
}

/** Every part of a workbook but its sheets and styles, by path. */
export function fixedParts(sheets: readonly string[], { styles = false } = {}): Record<string, string> {
  const override = (part: string, type: string): string =>
    `<Override PartName="/${part}" ContentType="${TYPE}.${type}+xml"/>`
  const names = sheets.map(
    (name, at) => `<sheet name="${escapeAttribute(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  )
  const relations = sheets.map((_, at) => relation(at + 1, 'worksheet', sheetPart(at).slice(3)))
  if (styles) relations.push(relation(sheets.length + 1, 'styles', 'styles.xml'))
  return {
    '[Content_Types].xml':
      `${HEAD}<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      override('xl/workbook.xml', 'sheet.main') +
      (styles ? override('xl/styles.xml', 'styles') : '') +
      sheets.map((_, at) => override(sheetPart(at), 'worksheet')).join('') +
      '</Types>',
    '_rels/.rels': relationships([relation(1, 'officeDocument', 'xl/workbook.xml')]),
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${names.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(relations),
  }
}

function relation(id: number, type: string, target: string): string {
  return `<Relationship Id="rId${id}" Type="${OFFICE}/${type}" Target="${target}"/>`
}

function relationships(all: readonly string[]): string {
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`
}
