import { errorEntry } from '../../../../shared/contract/errors'
import { parse } from 'csv-parse/sync'
import { Workbook, type Cell, type Worksheet } from 'exceljs'
import { deflate } from '../../../../connectors/xlsx/deflate'
import { signer } from '../../../../shared/adapters/signer'
import type { Break } from '../../../../shared/core/reconciliation/break'
import { csvReport, type CsvFile } from '../../../../shared/core/reconciliation/report/csv'
import { htmlReport } from '../../../../shared/core/reconciliation/report/html'
import { jsonReport } from '../../../../shared/core/reconciliation/report/json'
import type { Report } from '../../../../shared/core/reconciliation/report/report'
import { numberText, shownKey } from '../../../../shared/core/words'
import { tieOutText } from '../../../../shared/core/reconciliation/report/words'
import { xlsxReport } from '../../../../shared/core/reconciliation/report/xlsx'
import { breaks, reconciliation, sample } from './sample'

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

describe('in words', () => {
  test('it says whether both sides tie out, how many records differ and by how much', () => {
    expect(tieOutText(reconciliation)).toBe(
      'Does not tie out: 340 records differ, quantity off by 1,234.5, amount off by 12.75',
    )
  })

  test('equal totals do not hide records that differ', () => {
    const measures = reconciliation.measures.slice(0, 1).map((one) => ({ ...one, difference: '0.00' }))
    const one = { pairs: 1, agreed: 1, tolerated: 0 }
    expect(tieOutText({ ...reconciliation, status: 'ties-out', compared: one })).toContain(
      'Ties out: 1 pair of records agrees',
    )
    expect(tieOutText({ ...reconciliation, measures })).toBe(
      'Does not tie out: 340 records differ, quantity agrees in total',
    )
  })

  test('what was let pass is said with the good news', () => {
    const clean = { ...reconciliation.breaks, open: 0, pending: 1, accepted: 2 }
    expect(tieOutText({ ...reconciliation, status: 'ties-out', breaks: clean })).toBe(
      'Ties out: 10,190 pairs of records agree, 12 of them within tolerance; 1 still pending and 2 accepted differences',
    )
  })

  test.each([
    ['1234567.50', '1,234,567.50'],
    ['-1000', '-1,000'],
    ['999', '999'],
    ['0.123456', '0.123456'],
    ['12345678901234567890.12', '12,345,678,901,234,567,890.12'],
  ])('%s is written %s', (number, text) => {
    expect(numberText(number)).toBe(text)
  })

  test('keys are read by people', () => {
    expect(shownKey('["A1",7,true]')).toBe('A1 / 7 / true')
    expect(shownKey('[null,"NL"]')).toBe('(none) / NL')
    expect(shownKey('row 7')).toBe('row 7')
  })
})

describe('JSON', () => {
  test('holds the reconciliation, its signatures and every break', async () => {
    let text = ''
    const signature = {
      reconciliation: reconciliation.id,
      workflow: 'stock',
      period: '2026-11',
      who: 'Ada',
      at: 1,
      comment: '',
      contentHash: reconciliation.contentHash,
    }
    for await (const piece of jsonReport({ ...sample(), signatures: [signature] })) text += piece
    const whole: unknown = JSON.parse(text)
    const breakList: unknown = JSON.parse(JSON.stringify(breaks))
    expect(whole).toEqual({ ...reconciliation, signatures: [signature], breakList })
  })

  test('is JSON without breaks, too', async () => {
    let text = ''
    for await (const piece of jsonReport(sample({}, []))) text += piece
    expect(JSON.parse(text)).toMatchObject({ breakList: [] })
  })
})

describe('CSV', () => {
  async function rowsOf(report: Report, file: CsvFile): Promise<Record<string, string>[]> {
    const text = (await bytesOf((await csvReport(report))[file])).toString()
    expect(text.startsWith('\uFEFF')).toBe(true)
    expect(text.replace(/\r\n/g, '')).not.toContain('\n')
    return parse(text, { bom: true, columns: true })
  }

  test('has a row for each break, with both sides of every compared field', async () => {
    const rows = await rowsOf(sample(), 'breaks.csv')
    expect(rows).toHaveLength(breaks.length)
    expect(rows[0]).toMatchObject({
      kind: 'fields differ',
      state: 'open',
      key: 'A10 / Rotterdam',
      'fields that differ': 'quantity',
      'probable cause': 'The sign of quantity is turned round',
      'by location': 'Rotterdam',
      'quantity effect': '24',
      'quantity (source)': '12',
      'quantity (target)': '-12',
      'quantity (difference)': '24',
      'name (source)': 'Bolt M8',
    })
  })

  test('tells absent, null and empty apart where a field differs', async () => {
    const row = (await rowsOf(sample(), 'breaks.csv')).find(({ key }) => key === 'B2 / Antwerp')
    expect(row).toMatchObject({
      'price (source)': '(null)',
      'price (target)': '(empty)',
      'updated (source)': '(absent)',
    })
  })

  test('runs nothing in a spreadsheet, neither a value nor a title', async () => {
    const at = { ...reconciliation.rules, fields: [{ field: '=cmd()', rule: 'equal' }] }
    const rows = await rowsOf(sample({ rules: at }), 'breaks.csv')
    const keys = rows.map(({ key }) => key)
    expect(keys).toContain("'=HYPERLINK(1) / Hamburg")
    expect(Object.keys(rows[0] ?? {})).toContain("'=cmd() (source)")
    // a number stays one although it begins with a minus
    expect(rows.find(({ key }) => key === 'D1 / Antwerp')?.['quantity effect']).toBe('-4')
  })

  test('effects of all breaks and what is tolerated add up to the difference', async () => {
    const rows = await rowsOf(sample(), 'breaks.csv')
    const sum = rows.reduce((all, row) => all + Number(row['quantity effect']), 0)
    expect(sum).toBe(breaks.reduce((all, { effect }) => all + Number(effect[0]), 0))
  })

  test('an average has every digit of a large amount', async () => {
    const [first, ...others] = reconciliation.totals
    if (!first) throw new Error('no group')
    const amount = { count: 3, sum: '37037036703703.70' }
    const large = { ...first, source: { records: 3, measures: [amount, amount] } }
    const report = { ...sample(), reconciliation: { ...reconciliation, totals: [large, ...others] } }
    const [row] = await rowsOf(report, 'totals.csv')
    expect(row).toMatchObject({ 'quantity source average': '12345678901234.566667' })
  })

  test('totals have a row for each group', async () => {
    const rows = await rowsOf(sample(), 'totals.csv')
    expect(rows.map(({ location }) => location)).toEqual([
      'Rotterdam',
      'Antwerp',
      'Hamburg',
      'Gdańsk',
      'Le Havre',
      'Felixstowe',
    ])
    expect(rows[0]).toMatchObject({
      'quantity source': '48980',
      'quantity difference': '980',
      'quantity source average': '489.8',
      'open breaks': '260',
    })
  })
})

describe.each([
  ['without a compressor', undefined],
  ['compressed', deflate],
])('XLSX %s', (_, packer) => {
  async function opened(report: Report): Promise<Workbook> {
    const workbook = new Workbook()
    const bytes = await bytesOf(xlsxReport(report, packer))
    await workbook.xlsx.load(new Uint8Array(bytes).buffer)
    return workbook
  }

  function sheetOf(workbook: Workbook, name: string): Worksheet {
    const sheet = workbook.getWorksheet(name)
    if (!sheet) throw new Error(`no sheet ${name}`)
    return sheet
  }

  function cell(sheet: Worksheet, row: number, title: string): Pick<Cell, 'value' | 'numFmt'> {
    const titles = sheet.getRow(1).values
    const { value, numFmt } = sheet.getCell(row, Array.isArray(titles) ? titles.indexOf(title) : 0)
    return { value, numFmt }
  }

  test('has sheets that can be filtered, with headers that stay in sight', async () => {
    const workbook = await opened(sample())
    expect(workbook.worksheets.map(({ name }) => name)).toEqual([
      'tie-out',
      'totals',
      'breaks',
      'causes',
      'rules',
    ])
    for (const sheet of workbook.worksheets) {
      expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 })
      expect(sheet.autoFilter).toBeTruthy()
      expect(sheet.getRow(1).getCell(1).font.bold).toBe(true)
      expect(sheet.getColumn(1).width).toBeGreaterThan(9)
    }
  })

  test('numbers are numbers with a format, dates are dates, texts stay texts', async () => {
    const workbook = await opened(sample())
    const totals = sheetOf(workbook, 'totals')
    expect(cell(totals, 3, 'quantity difference')).toMatchObject({ value: 312.5, numFmt: '#,##0.00########' })
    expect(cell(totals, 2, 'source records')).toMatchObject({ value: 1700, numFmt: '#,##0' })
    const sheet = sheetOf(workbook, 'breaks')
    expect(cell(sheet, 2, 'first seen (UTC)')).toMatchObject({
      value: new Date('2026-10-31T18:00:00.000Z'),
      numFmt: 'yyyy-mm-dd hh:mm',
    })
    const rows = Array.from({ length: sheet.rowCount - 1 }, (_, at) => at + 2)
    const rowOf = (key: string): number => rows.find((row) => cell(sheet, row, 'key').value === key) ?? 0
    expect(cell(sheet, rowOf('=HYPERLINK(1) / Hamburg'), 'name (target)').value).toBe(
      '<script>alert(1)</script>',
    )
    expect(cell(sheet, rowOf('Z9 / Hamburg'), 'updated (source)').value).toEqual(
      new Date('2026-11-03T00:00:00Z'),
    )
    expect(cell(sheet, rowOf('Z9 / Hamburg'), 'name (source)').value).toBe('+49 30 1')
  })

  test('numbers of more digits than a spreadsheet keeps stay texts', async () => {
    const [first] = breaks
    const long: Break[] = first ? [{ ...first, effect: ['12345678901234567.89', '0'] }] : []
    const sheet = sheetOf(await opened(sample({}, long)), 'breaks')
    expect(cell(sheet, 2, 'quantity effect').value).toBe('12345678901234567.89')
  })
})

describe('HTML', () => {
  let page = ''
  beforeAll(async () => {
    page = await htmlReport(sample(), signer)
  })

  test('is one page that loads and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|url\(|@import|https?:/i)
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? ''
    const hash = signer.digest('sha256', style, 'base64')
    expect(page).toContain(`default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;`)
  })

  test('escapes what the data says', () => {
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).toContain('Washer &lt;M8&gt; &amp; &quot;ring&quot;')
  })

  test('every element that is opened is closed', () => {
    const open: string[] = []
    for (const [, close, name = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
      if (['meta'].includes(name)) continue
      if (close === '/') expect(open.pop()).toBe(name)
      else open.push(name)
    }
    expect(open).toEqual([])
  })

  test('can be read by those who do not see it: language, headings in order, titles of charts, heads of tables', () => {
    expect(page).toContain('<html lang="en">')
    const levels = Array.from(page.matchAll(/<h(\d)/g), ([, level]) => Number(level))
    for (const [at, level] of levels.slice(1).entries())
      expect(level - (levels[at] ?? 0)).toBeLessThanOrEqual(1)
    for (const [svg] of page.matchAll(/<svg[^>]*>/g))
      expect(svg).toMatch(/aria-hidden="true"|role="img" aria-label=/)
    for (const [table] of page.matchAll(/<table[\s\S]*?<\/table>/g)) {
      expect(table).toContain('<caption>')
      expect(table).toContain('<th scope="col"')
    }
  })

  test.each([
    ['the result', 'Does not tie out: 340 records differ'],
    ['causes with their support', 'accounts for 290 of 340 breaks'],
    ['the rest', '44 breaks have no cause'],
    ['offsetting errors', 'Gdańsk agrees in quantity although 9 records differ'],
    ['what was not compared', 'named under reconcile.ignore'],
    ['what tolerances hid', 'Tolerances let 12 pairs pass that are not equal, in all 2.5 of quantity'],
    ['the age of the oldest', 'the oldest is 30 days old'],
    ['the trend', '285 more open breaks than the last time'],
    ['spaces that nobody sees', '<span class="ws" title="spaces">·</span>'],
    ['what is absent', '(absent)'],
    ['what the content is', reconciliation.contentHash],
  ])('it says %s', (_, text) => {
    expect(page).toContain(text)
  })

  test('shows the most important breaks and says how many there are', async () => {
    const many = Array.from({ length: 1200 }, (_, at): Break => ({
      kind: 'missing-in-target',
      key: `["K${at}"]`,
      rule: 1,
      source: { sku: `K${at}` },
      fields: [],
      dimensions: ['Rotterdam'],
      effect: [String(at), '0'],
      state: at === 1199 ? 'accepted' : 'open',
    }))
    const long = await htmlReport(
      sample({ breaks: { ...reconciliation.breaks, open: 1199, pending: 0, accepted: 1 } }, many),
      signer,
    )
    expect(long).toContain('The 400 most important of 1,200 breaks; all are in breaks.csv')
    expect(long).toContain('<b>K1198</b>')
    expect(long).not.toContain('<b>K798</b>')
    // an accepted one is not what a person has to look at first
    expect(long).not.toContain('<b>K1199</b>')
    expect(long.length).toBeLessThan(1_000_000)
  })

  test('shows some breaks of each kind, however many there are of another', async () => {
    const many = Array.from({ length: 900 }, (_, at): Break => ({
      kind: at < 800 ? 'missing-in-target' : 'differs',
      key: `["K${at}"]`,
      rule: 1,
      fields: [],
      dimensions: ['Rotterdam'],
      effect: [at < 800 ? '1' : '0', '0'],
      state: 'open',
    }))
    const long = await htmlReport(sample({}, many), signer)
    expect(long).toContain('<b>K299</b>')
    expect(long).not.toContain('<b>K300</b>')
    expect(long).toContain('<b>K899</b>')
  })

  test('a clean result stays short, a failed one says why', async () => {
    const none = { open: 0, pending: 0, accepted: 0 }
    const clean = await htmlReport(
      sample({ status: 'ties-out', breaks: { ...reconciliation.breaks, ...none }, causes: [] }, []),
      signer,
    )
    expect(clean).toContain('Ties out: 10,190 pairs of records agree')
    expect(clean).not.toContain('Probable causes')
    expect(clean).not.toContain('The records')
    const fault = {
      code: 'CONNECT_TIMEOUT' as const,
      number: 1,
      title: 'No connection',
      detail: 'erp did not answer',
      evidence: {},
    }
    const failed = await htmlReport(sample({ status: 'failed', fault }, []), signer)
    expect(failed).toContain('Not reconciled: No connection')
    expect(failed).toContain('erp did not answer')
    expect(failed).toContain(errorEntry('CONNECT_TIMEOUT').steps[0]?.do)
  })

  test('shows who signed', async () => {
    const signature = {
      reconciliation: reconciliation.id,
      workflow: 'stock',
      period: '2026-11',
      who: 'Ada <L>',
      at: 0,
      comment: 'fine',
      contentHash: reconciliation.contentHash,
    }
    const signed = await htmlReport({ ...sample(), signatures: [signature] }, signer)
    expect(signed).toContain('<b>2026-11</b> signed by <b>Ada &lt;L&gt;</b> on 1970-01-01 00:00 UTC. “fine”')
  })
})
