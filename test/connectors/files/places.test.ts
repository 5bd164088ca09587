import { Workbook } from 'exceljs'
import { csv } from '../../../connectors/csv'
import { json } from '../../../connectors/json'
import { ndjson } from '../../../connectors/ndjson'
import { xlsx } from '../../../connectors/xlsx'
import { xml } from '../../../connectors/xml'
import type { Connector } from '../../../shared/core/connector'
import { textOf } from '../../../shared/core/record/value'
import { FileBench, pagesOf } from './bench'

let bench: FileBench
beforeEach(async () => {
  bench = await FileBench.open()
})
afterEach(() => bench.close())

/** Field `id` of every row, and where its page says that it stands. */
async function places(connector: Connector, name: string, size = 2, after?: string, settings = {}) {
  const pages = await pagesOf(await bench.source(connector, name, settings), size, after)
  return pages.flatMap(({ rows, place }) =>
    rows.map((row, i) => ['id' in row ? textOf(row['id']) : 'bad', place?.(i)]),
  )
}

test('a row of CSV stands on a line, whatever blank lines and line breaks come before it', async () => {
  await bench.put('a.csv', 'id,a\n1,x\n\n\n2,"x\r\ny\n"\n3\n4,"a\nb"\n5,x\n')
  const expected = [
    ['1', 'a.csv line 2'],
    ['2', 'a.csv line 5'],
    ['bad', 'a.csv line 8'],
    ['4', 'a.csv line 9'],
    ['5', 'a.csv line 11'],
  ]
  for (const size of [1, 2, 3, 100]) expect(await places(csv, 'a.csv', size)).toEqual(expected)
})

test('rows stand where they stand also in a large file, after going on, and in the next file', async () => {
  const row = (i: number) => `${i},"${'x'.repeat(i % 50)}${i % 3 === 0 ? '\n' : ''}"\n`
  const content = Array.from({ length: 5000 }, (_, i) => row(i)).join('')
  await bench.put('a.csv', `id,a\n${content}`)
  await bench.put('b.csv', 'id,a\nlast,x\n')
  const all = await places(csv, '*.csv', 700)
  const lines = `id,a\n${content}`.split('\n')
  for (const [id = '', place] of all.slice(0, 5000))
    expect(place).toBe(`a.csv line ${lines.findIndex((line) => line.startsWith(`${id},`)) + 1}`)
  expect(all[5000]).toEqual(['last', 'b.csv line 2'])
  const [, second] = await pagesOf(await bench.source(csv, '*.csv'), 700)
  expect(await places(csv, '*.csv', 700, second?.position)).toEqual(all.slice(1400))
})

test('of NDJSON, JSON and XML', async () => {
  await bench.put('a.ndjson', '{"id":1}\n\n{"id":2}\n[]\n{"id":3}')
  expect(await places(ndjson, 'a.ndjson')).toEqual([
    ['1', 'a.ndjson line 1'],
    ['2', 'a.ndjson line 3'],
    ['bad', 'a.ndjson line 4'],
    ['3', 'a.ndjson line 5'],
  ])
  await bench.put('a.json', '[{"id":1},{"id":2},{"id":3}]')
  expect((await places(json, 'a.json')).at(-1)).toEqual(['3', 'a.json record 3'])
  await bench.put('a.xml', '<all>\n<one><id>1</id></one>\n\n<one>\n<id>2</id></one></all>')
  expect(await places(xml, 'a.xml')).toEqual([
    ['1', 'a.xml line 2'],
    ['2', 'a.xml line 4'],
  ])
})

test('of a sheet: its number in Excel, and the sheet where there are several', async () => {
  const workbook = new Workbook()
  for (const name of ['Stock', 'Notes']) {
    const sheet = workbook.addWorksheet(name)
    sheet.getRow(1).values = ['id']
    sheet.getRow(2).values = [1]
    sheet.getRow(5).values = [2]
    if (name === 'Stock') await bench.put('one.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()))
  }
  await bench.put('two.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()))
  expect(await places(xlsx, 'one.xlsx')).toEqual([
    ['1', 'one.xlsx row 2'],
    ['2', 'one.xlsx row 5'],
  ])
  expect((await places(xlsx, 'two.xlsx', 2, undefined, { sheet: 'Notes' })).at(-1)).toEqual([
    '2',
    'two.xlsx sheet Notes row 5',
  ])
})
