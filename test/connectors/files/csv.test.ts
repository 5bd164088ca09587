import { csv } from '../../../connectors/csv'
import { xlsx } from '../../../connectors/xlsx'
import { MalformedRow } from '../../../shared/core/connector'
import { Decimal } from '../../../shared/core/record/decimal'
import type { DataRecord } from '../../../shared/core/record/value'
import { FileBench, pagesOf, readAll } from './bench'

let bench: FileBench
beforeEach(async () => {
  bench = await FileBench.open()
})
afterEach(() => bench.close())

const read = async (content: string | Uint8Array, settings = {}) => {
  await bench.put('stock.csv', content)
  return bench.rows(csv, 'stock.csv', settings)
}

describe('reading', () => {
  test('nothing between delimiters is null, "" is an empty text, leading zeros stay', async () => {
    expect(await read('id,a,b\n007,,""\n')).toEqual([{ id: '007', a: null, b: '' }])
  })

  test.each([
    ['CRLF', 'id,a\r\n1,x\r\n2,y\r\n'],
    ['CR', 'id,a\r1,x\r2,y\r'],
    ['LF without one at the end', 'id,a\n1,x\n2,y'],
    ['a byte order mark', '\uFEFFid,a\n1,x\n2,y\n'],
    ['blank lines', '\n\nid,a\n\n1,x\n\r\n2,y\n\n'],
    ['semicolons', 'id;a\n1;x\n2;y\n'],
    ['tabs', 'id\ta\n1\tx\n2\ty\n'],
    ['bars', 'id|a\n1|x\n2|y\n'],
    ['every field in quotes', '"id","a"\n"1","x"\n"2","y"\n'],
  ])('%s', async (_, content) => {
    expect(await read(content)).toEqual([
      { id: '1', a: 'x' },
      { id: '2', a: 'y' },
    ])
  })

  test('quotes, delimiters and line breaks in a field', async () => {
    expect(await read('id,a\n1,"say ""hi"", then\r\nleave"\n2,"x""y"\n')).toEqual([
      { id: '1', a: 'say "hi", then\r\nleave' },
      { id: '2', a: 'x"y' },
    ])
  })

  test('a quote inside an unquoted field is part of it', async () => {
    expect(await read('id,a\n1,5" pipe\n')).toEqual([{ id: '1', a: '5" pipe' }])
  })

  test('quotes escaped by a backslash', async () => {
    expect(await read('id,a\n1,"say \\"hi\\" \\\\"\n', { escape: '\\' })).toEqual([
      { id: '1', a: 'say "hi" \\' },
    ])
  })

  test('markers of null and absent count only without quotes', async () => {
    const rows = await read('id,a,b\n1,NULL,"NULL"\n2,,#N/A\n', { nullText: 'NULL', absentText: '#N/A' })
    expect(rows).toEqual([
      { id: '1', a: null, b: 'NULL' },
      { id: '2', a: '' },
    ])
  })

  test('a file of one column keeps its blank lines as null', async () => {
    expect(await read('id\n1\n\n2\n')).toEqual([{ id: '1' }, { id: null }, { id: '2' }])
  })

  test('columns named in the workflow', async () => {
    expect(await read('1,x\n', { columns: ['id', 'a'] })).toEqual([{ id: '1', a: 'x' }])
    expect(await read('Nr,Text\n1,x\n', { columns: ['id', 'a'], header: true })).toEqual([
      { id: '1', a: 'x' },
    ])
  })

  test('Windows-1252 when it is declared, UTF-16 by its byte order mark', async () => {
    expect(await read(Buffer.from('id,a\n1,K\xf6ln \x80\n', 'latin1'), { encoding: 'windows-1252' })).toEqual(
      [{ id: '1', a: 'Köln €' }],
    )
    expect(await read(Buffer.from('\uFEFFid,a\n1,😀\n', 'utf16le'))).toEqual([{ id: '1', a: '😀' }])
  })

  test('bytes that are not UTF-8 stop the read and name the byte and the likely encoding', async () => {
    await expect(read(Buffer.from('id,a\n1,K\xf6ln\n', 'latin1'))).rejects.toMatchObject({
      code: 'TEXT_ENCODING_INVALID',
      evidence: { offset: 8, likely: 'windows-1252' },
    })
  })

  test('an encoding that is not known is not taken for that of Western Europe', async () => {
    const japanese = Buffer.from([0x95, 0x69, 0x94, 0xd4, 0x2c, 0x90, 0x94, 0x0a])
    await expect(read(japanese)).rejects.toMatchObject({
      detail: expect.stringMatching(/looks like text in another encoding\. Send it as UTF-8\.$/) as unknown,
    })
  })

  test.each([
    ['sep=;\r\nid;a\r\n1;x,y\r\n', {}],
    ['\uFEFF"sep=|"\nid|a\n1|x,y\n', {}],
    ['Stock;;\r\n"of ""today"";\r\n;;\r\nid;a\r\n1;x,y\r\n', { headerRow: 4 }],
    ['Stock\rsep=\t\rid\ta\r1\tx,y\r', { headerRow: 2 }],
  ])('what stands above the header is passed over: %j', async (content, settings) => {
    await bench.put('stock.csv', content)
    const [page] = await pagesOf(await bench.source(csv, 'stock.csv', settings))
    expect(page?.rows).toEqual([{ id: '1', a: 'x,y' }])
    const lines = content.split(/\r\n|\n|\r/).length - 1
    expect(page?.place?.(0)).toBe(`stock.csv line ${lines}`)
  })

  test('lines above rows without a header are passed over as well', async () => {
    const settings = { columns: ['id', 'a'], headerRow: 2 }
    expect(await read('Stock of today\n1,x\n', settings)).toEqual([{ id: '1', a: 'x' }])
  })

  test('a file that ends above its header is no empty file', async () => {
    await expect(read('Stock\nof today\n', { headerRow: 4 })).rejects.toMatchObject({
      code: 'HEADER_INVALID',
    })
    expect(await read('', { headerRow: 4 })).toEqual([])
  })

  test.each([
    ['<!DOCTYPE html><title>Sign in</title>', 'a web page'],
    ['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'XML'],
    ['{"error":"expired","code":7}', 'JSON'],
    ['[{"id":"1"},{"id":"2"}]', 'JSON'],
  ])('one line of something else is no header of an empty file: %s', async (content, what) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'HEADER_INVALID',
      detail: expect.stringContaining(`it holds ${what}, not CSV`) as unknown,
    })
  })

  test.each([
    ['id,id\n', 'stands there twice'],
    ['id,,\n', 'columns 2, 3 have no name'],
    ['"id" ,a\n', /^stock\.csv line 1: text stands/],
    ['id,,b\n', 'column 2 has no name'],
    ['id,__proto__\n', '__proto__'],
  ])('header %j is refused', async (content, why) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'HEADER_INVALID',
      detail: expect.stringMatching(why) as unknown,
    })
  })

  test('a row with another number of fields is malformed, the rest goes on', async () => {
    const rows = await read('id,a\n1,"x\ny"\n2,y,z\n3\n4,d\n')
    expect(
      rows.map((row) => (row instanceof MalformedRow ? [row.place, row.rejection.code, row.raw] : row)),
    ).toEqual([
      { id: '1', a: 'x\ny' },
      ['stock.csv line 4', 'CSV_FIELD_COUNT', '2,y,z'],
      ['stock.csv line 5', 'CSV_FIELD_COUNT', '3'],
      { id: '4', a: 'd' },
    ])
  })

  test('text after a closing quote is malformed, the next line goes on', async () => {
    const rows = await read('id,a\n1,"x"y\n2,b\n')
    expect(rows[0]).toMatchObject({ place: 'stock.csv line 2', rejection: { code: 'CSV_QUOTE_INVALID' } })
    expect(rows[1]).toEqual({ id: '2', a: 'b' })
  })

  test('a quote that is never closed is malformed and the listing is not complete', async () => {
    await bench.put('stock.csv', 'id,a\n1,x\n2,"y\n3,z\n')
    const { rows, end } = await readAll(await bench.source(csv, 'stock.csv'))
    expect(rows).toHaveLength(2)
    expect(rows[1]).toMatchObject({ place: 'stock.csv line 3', rejection: { code: 'CSV_QUOTE_NOT_CLOSED' } })
    expect(end).toMatchObject({ complete: false, evidence: expect.stringContaining('line 3') as unknown })
  })

  test('an empty file has no rows and is complete', async () => {
    await bench.put('stock.csv', '')
    expect(await readAll(await bench.source(csv, 'stock.csv'))).toMatchObject({
      rows: [],
      end: { complete: true },
    })
  })
})

describe('writing', () => {
  test('the header has the fields of all rows; null, empty and numbers keep their form', async () => {
    await bench.write(csv, 'out.csv', [
      { id: 1, a: null },
      { id: 2, b: '', c: Decimal.parse('1.50') ?? null },
      { id: 9007199254740991, a: 'x,"y"', b: ' z' },
    ])
    expect(await bench.text('out.csv')).toBe('id,a,b,c\n1,,,\n2,,"",1.5\n9007199254740991,"x,""y"""," z",\n')
    expect(bench.ledger.take()).toEqual({
      a: { ABSENT_TO_NULL: 1 },
      b: { ABSENT_TO_NULL: 1 },
      c: { ABSENT_TO_NULL: 2 },
    })
  })

  test('absent and null stay two values when absent has a text', async () => {
    const settings = { absentText: 'n/a' }
    await bench.write(csv, 'out.csv', [{ id: 'x', a: null }, { id: 'y' }, { id: 'z', a: 'n/a' }], {
      settings,
    })
    expect(await bench.text('out.csv')).toBe('id,a\nx,\ny,n/a\nz,"n/a"\n')
  })

  test('what a spreadsheet would run is made harmless, noted, and undone when the file is read as a target', async () => {
    const records = [
      { id: '=1+1', a: '-5', b: '-x' },
      { id: '+49 170', a: '@a', b: "'=x" },
    ]
    await bench.write(csv, 'out.csv', records)
    expect(await bench.text('out.csv')).toBe("id,a,b\n'=1+1,-5,'-x\n'+49 170,'@a,''=x\n")
    expect(bench.ledger.take()).toEqual({
      id: { FORMULA_ESCAPED: 2 },
      a: { FORMULA_ESCAPED: 1 },
      b: { FORMULA_ESCAPED: 2 },
    })
    expect(await bench.write(csv, 'out.csv', records)).toEqual([
      { outcome: 'unchanged' },
      { outcome: 'unchanged' },
    ])
    expect(await bench.rows(csv, 'out.csv', { formulas: 'escape' })).toEqual(records)
  })
})

test.each([
  ['csv', csv],
  ['xlsx', xlsx],
])('%s: a value that has no column is not dropped in silence', async (ending, connector) => {
  const settings = { columns: ['id', 'a'], header: true }
  const write = (name: string, record: DataRecord) =>
    bench.write(connector, `${name}.${ending}`, [record], { settings })
  await expect(write('b', { id: '1', a: 'x', note: 'y' })).rejects.toMatchObject({
    code: 'DEFINITION_INVALID',
    evidence: { field: 'note' },
  })
  expect(await write('a', { id: '1', a: 'x', note: null })).toMatchObject([{ outcome: 'created' }])
  expect(await bench.rows(connector, `a.${ending}`)).toEqual([{ id: '1', a: 'x' }])
})

test('without quotes a value that needs them is refused', async () => {
  const settings = { quote: '', delimiter: '|' }
  const answers = await bench.write(
    csv,
    'out.csv',
    [
      { id: 1, a: 'x,"y"' },
      { id: 2, a: 'x|y' },
      { id: 3, a: 'x\ny' },
    ],
    { settings },
  )
  expect(answers).toMatchObject([
    { outcome: 'created' },
    { outcome: 'rejected', code: 'CSV_NEEDS_QUOTES', pointer: '/a' },
    { outcome: 'rejected', code: 'CSV_NEEDS_QUOTES', pointer: '/a' },
  ])
  expect(await bench.rows(csv, 'out.csv', settings)).toEqual([{ id: '1', a: 'x,"y"' }])
})

test('a read resumes after any page with the same rows and ordinals', async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `${i},"text ${i}\nü😀"`)
  await bench.put('a.csv', `id,a\n${lines.slice(0, 2000).join('\n')}\n`)
  await bench.put('b.csv', `id,a\n${lines.slice(2000).join('\n')}\n`)
  const source = await bench.source(csv, '*.csv')
  const pages = await pagesOf(source, 250)
  expect(pages.flatMap((page) => page.rows)).toHaveLength(3000)
  for (const [i, page] of pages.entries()) {
    const rest = await pagesOf(source, 250, page.position)
    const expected = pages.slice(i + 1)
    expect(rest.flatMap((later) => later.rows)).toEqual(expected.flatMap((later) => later.rows))
    expect(rest[0]?.firstRow).toBe(page.firstRow + page.rows.length)
    expect(rest.at(-1)?.end).toEqual(pages.at(-1)?.end)
  }
})
