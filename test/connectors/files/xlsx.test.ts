import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { xlsx } from '../../../connectors/xlsx'
import { deflate } from '../../../connectors/xlsx/deflate'
import { ZipWriter } from '../../../shared/core/format/zip'
import { Decimal } from '../../../shared/core/record/decimal'
import { FileBench, shown } from './bench'

let bench: FileBench
beforeEach(async () => {
  bench = await FileBench.open()
})
afterEach(() => bench.close())

/** A workbook made by another program. */
async function made(fill: (workbook: ExcelJS.Workbook) => void): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook()
  fill(workbook)
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

async function zipOf(parts: Record<string, string>): Promise<Uint8Array> {
  const zip = new ZipWriter('a.xlsx', deflate)
  const bytes: Uint8Array[] = []
  for (const [name, text] of Object.entries(parts))
    for await (const piece of zip.part(name, [text])) bytes.push(piece)
  return Buffer.concat([...bytes, zip.end()])
}

describe('reading what another program wrote', () => {
  test('texts, numbers, dates, formulas and empty cells', async () => {
    const content = await made((workbook) => {
      const sheet = workbook.addWorksheet('Stock')
      sheet.addRow(['id', 'qty', 'day', 'at', 'sum', 'ok', 'note'])
      sheet.addRow([
        '007',
        1.5,
        new Date('2026-03-29T00:00:00Z'),
        new Date('2026-03-29T02:30:00.250Z'),
        { formula: 'B2*2', result: 3 },
        true,
        { richText: [{ text: 'two ' }, { text: 'runs\n😀' }] },
      ])
      sheet.addRow([])
      sheet.addRow(['8', null, undefined, undefined, { formula: 'A1&"x"', result: 'idx' }])
      sheet.getColumn(3).numFmt = 'dd.mm.yyyy'
      sheet.getColumn(4).numFmt = 'yyyy-mm-dd hh:mm:ss'
    })
    await bench.put('a.xlsx', content)
    expect(await bench.rows(xlsx, 'a.xlsx')).toEqual([
      {
        id: '007',
        qty: 1.5,
        day: '2026-03-29',
        at: '2026-03-29T02:30:00.250',
        sum: 3,
        ok: true,
        note: 'two runs\n😀',
      },
      { id: '8', qty: null, day: null, at: null, sum: 'idx', ok: null, note: null },
    ])
  })

  test('a sheet by name or place, a header row further down, columns of the workflow', async () => {
    const content = await made((workbook) => {
      workbook.addWorksheet('Notes').addRow(['x'])
      const sheet = workbook.addWorksheet('Stock')
      sheet.addRow(['Report of today'])
      sheet.addRow(['id', 'qty'])
      sheet.addRow([1, 2])
    })
    await bench.put('a.xlsx', content)
    const expected = [{ id: 1, qty: 2 }]
    expect(await bench.rows(xlsx, 'a.xlsx', { sheet: 'Stock', headerRow: 2 })).toEqual(expected)
    expect(await bench.rows(xlsx, 'a.xlsx', { sheet: 2, headerRow: 2 })).toEqual(expected)
    expect(
      await bench.rows(xlsx, 'a.xlsx', { sheet: 2, headerRow: 2, header: true, columns: ['a', 'b'] }),
    ).toEqual([{ a: 1, b: 2 }])
    await expect(bench.rows(xlsx, 'a.xlsx', { sheet: 'Stok' })).rejects.toMatchObject({
      code: 'XLSX_SHEET_NOT_FOUND',
      evidence: { sheets: 'Notes, Stock' },
    })
  })

  test('an error in a cell and a value beside the table are malformed rows', async () => {
    const content = await made((workbook) => {
      const sheet = workbook.addWorksheet('Stock')
      sheet.addRow(['id', 'qty'])
      sheet.addRow([1, { error: '#N/A' }])
      sheet.addRow([2, 3, 'total'])
      sheet.addRow([4, 5])
      sheet.addRow([5, { formula: 'B5*2' }])
      sheet.addRow([6, { formula: 'B5*2', result: 10 }])
    })
    await bench.put('a.xlsx', content)
    expect(shown(await bench.rows(xlsx, 'a.xlsx'))).toEqual([
      ['a.xlsx row 2', 'XLSX_CELL_ERROR'],
      ['a.xlsx row 3', 'XLSX_CELL_OUTSIDE'],
      { id: 4, qty: 5 },
      ['a.xlsx row 5', 'XLSX_CELL_ERROR'],
      { id: 6, qty: 10 },
    ])
  })

  test('what is no workbook, or would fill the memory, is refused before it is unpacked', async () => {
    const others: [string | Buffer, RegExp][] = [
      ['id,qty\n1,2\n', /it holds text, such as CSV/],
      ['', /it is empty/],
      [Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old \.xls workbook or has a password/],
    ]
    for (const [content, what] of others) {
      await bench.put('a.xlsx', content)
      await expect(bench.rows(xlsx, 'a.xlsx')).rejects.toMatchObject({
        code: 'FILE_DAMAGED',
        detail: expect.stringMatching(what) as unknown,
      })
    }
    const zeros = Array.from({ length: 200 }, () => '0'.repeat(1024 * 1024))
    const zip = new ZipWriter('a.xlsx', deflate)
    const bytes: Uint8Array[] = []
    for await (const piece of zip.part('xl/workbook.xml', zeros)) bytes.push(piece)
    await bench.put('a.xlsx', Buffer.concat([...bytes, zip.end()]))
    await expect(bench.rows(xlsx, 'a.xlsx')).rejects.toMatchObject({ code: 'FILE_UNPACKS_TOO_BIG' })
  })

  test('sizes that lie are noticed while unpacking', async () => {
    const honest = await zipOf({ 'xl/workbook.xml': '<workbook/>', 'xl/_rels/workbook.xml.rels': '<r/>' })
    const lying = Buffer.from(honest)
    const central = lying.indexOf(Buffer.from('02014b50', 'hex').reverse())
    lying.writeUInt32LE(3, central + 24)
    await bench.put('a.xlsx', lying)
    await expect(bench.rows(xlsx, 'a.xlsx')).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
  })
})

describe('writing', () => {
  const records = [
    { id: '007', a: null, b: '', c: 1.5, d: true, e: 'x\r\n<&>"\u0001_x000D_ ' },
    { id: '=1+1', c: 0, e: '😀'.repeat(100) },
    { id: 'z', f: Decimal.parse('9007199254740993') ?? null },
  ]

  test('another program reads the same values and no formula', async () => {
    await bench.write(xlsx, 'out.xlsx', records)
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load((await readFile(join(bench.folder, 'out.xlsx'))).buffer)
    const sheet = workbook.worksheets[0]
    expect(sheet?.getRow(1).values).toEqual([undefined, 'id', 'a', 'b', 'c', 'd', 'e', 'f'])
    expect(sheet?.getCell('A2').value).toBe('007')
    expect(sheet?.getCell('A3').type).toBe(ExcelJS.ValueType.String)
    expect(sheet?.getCell('A3').value).toBe('=1+1')
    expect(sheet?.getCell('D2').value).toBe(1.5)
    expect(sheet?.getCell('E2').value).toBe(true)
  })

  test('what is written is read again; what changes is counted', async () => {
    await bench.write(xlsx, 'out.xlsx', records)
    expect(await bench.rows(xlsx, 'out.xlsx')).toEqual([
      { id: '007', a: null, b: '', c: 1.5, d: true, e: 'x\r\n<&>"\u0001_x000D_ ', f: null },
      { id: '=1+1', a: null, b: null, c: 0, d: null, e: '😀'.repeat(100), f: null },
      { id: 'z', a: null, b: null, c: null, d: null, e: null, f: '9007199254740993' },
    ])
    expect(bench.ledger.take()).toMatchObject({
      a: { ABSENT_TO_NULL: 2 },
      f: { ABSENT_TO_NULL: 2, NUMBER_TO_TEXT: 1 },
    })
    expect(await bench.write(xlsx, 'out.xlsx', records)).toEqual(
      records.map(() => ({ outcome: 'unchanged' })),
    )
  })

  test('what no sheet can hold is refused before anything is written', async () => {
    const wide = Object.fromEntries(Array.from({ length: 16_385 }, (_, i) => [`c${i}`, i]))
    await expect(bench.write(xlsx, 'out.xlsx', [{ id: 1, ...wide }])).rejects.toMatchObject({
      code: 'XLSX_LIMIT',
      detail: 'out.xlsx would have 16386 columns, and a sheet has 16384; write CSV instead',
      evidence: { file: 'out.xlsx' },
    })
    await expect(readFile(join(bench.folder, 'out.xlsx'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('a text that no cell can hold is refused, a workbook with other sheets is left alone', async () => {
    expect(await bench.write(xlsx, 'out.xlsx', [{ id: 1, a: 'x'.repeat(32_768) }])).toMatchObject([
      { outcome: 'rejected', code: 'VALUE_TOO_LONG' },
    ])
    const content = await made((workbook) => {
      workbook.addWorksheet('A').addRow(['id'])
      workbook.addWorksheet('B').addRow(['id'])
    })
    await bench.put('two.xlsx', content)
    await expect(bench.write(xlsx, 'two.xlsx', [{ id: 1 }])).rejects.toMatchObject({
      code: 'TARGET_FILE_NOT_REWRITABLE',
    })
    expect(new Uint8Array(await readFile(join(bench.folder, 'two.xlsx')))).toEqual(content)
  })
})
