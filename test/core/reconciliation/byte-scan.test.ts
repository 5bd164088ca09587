import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { exactField } from '../../../shared/core/reconciliation/defaults'
import { EXACT } from '../../../shared/core/reconciliation/comparison'
import { bothPasses, SCHEMA, type PassCase } from '../../support/both-passes'

const TOTALS = {
  cutOff: { field: 'at', windowMs: 0 },
  dimensions: [{ name: 'place', field: 'place', by: 'value' as const }],
  measures: [
    { name: 'quantity', fields: ['quantity'] },
    { name: 'value', fields: ['quantity', 'cost'] },
    { name: 'records', fields: [] },
  ],
}

async function same(given: PassCase): Promise<{ groups: unknown[]; result: unknown }> {
  const { bytes, records } = await bothPasses(given)
  expect(bytes).toBeDefined()
  expect(bytes).toEqual(records)
  return records
}

function typed(source: string, target: string, more: Partial<PassCase> = {}): Promise<{ groups: unknown[] }> {
  const head = 'id,place,quantity,cost,active,at\n'
  return same({
    files: { 'source.csv': head + source, 'target.csv': head + target },
    workflow: { schema: SCHEMA },
    settings: TOTALS,
    ...more,
  })
}

const T = '2026-03-01T10:00:00Z'

describe('A first pass over bytes gives what one over records gives', () => {
  it('for rows that agree, differ, are missing and come twice', async () => {
    const { groups } = await typed(
      `a,N,1,1.50,true,${T}\nb,N,2,2,1,${T}\nc,S,3,3,0,${T}\nd,S,4,4,0,${T}\nd,S,4,4,0,${T}\n`,
      `d,S,4,4,0,${T}\nc,S,3,3.01,0,${T}\na,N,1,1.5,1,${T}\ne,E,5,5,0,${T}\ne,E,6,5,0,${T}\n`,
    )
    expect(groups).toHaveLength(4)
  })

  it.each([
    ['other notations of a number', ['+1', '01', '1.0', '1e0', '-0', '.5', '5.', '1E-2', '']],
    [
      'numbers of many digits',
      ['9007199254740993', '123456789012345', '0.1234567890123456', '1e400', '00000000000000000001'],
    ],
    ['what is no number', ['"1,5"', 'abc', '-', '1-', '1..2', '" 1"', '"1"', '""', '0x10', 'NaN']],
  ])('for %s', async (_, numbers) => {
    const rows = (shift: number): string =>
      numbers
        .map((_, i) => `k${i},P,${numbers[(i + shift) % numbers.length] ?? ''},${numbers[i] ?? ''},0,${T}\n`)
        .join('')
    for (let shift = 0; shift < 3; shift++) await typed(rows(0), rows(shift))
  })

  it('for the spellings of booleans and of instants', async () => {
    const at = [
      T,
      '2026-03-01T11:00:00+01:00',
      '2026-03-01T10:00:00.000Z',
      '2026-02-30T10:00:00Z',
      '2026-03-01',
      '0026-03-01T10:00:00Z',
      '2026-03-01T10:00:00.1234567891Z',
      '2026-03-01T10:00:00.10Z',
      '1969-12-31T23:59:59Z',
    ]
    const active = ['1', 'true', 'TRUE', 'yes', '', '"true"', '0', 'False', '01']
    const rows = (shift: number): string =>
      at
        .map((_, i) => `k${i},P,1,1,${active[(i + shift) % 9] ?? ''},${at[(i * 4 + shift) % 9] ?? ''}\n`)
        .join('')
    for (let shift = 0; shift < 9; shift++) await typed(rows(0), rows(shift))
  })

  it.each([
    ['LF', '\n', {}],
    ['CRLF', '\r\n', {}],
    ['CR', '\r', {}],
    ['a mixture of line ends and blank lines', '\n\r\n\r\r', {}],
    ['semicolons', '\n', { delimiter: ';' }],
    ['tabs', '\n', { delimiter: '\t' }],
    ['a backslash before quotes', '\n', { escape: '\\' }],
    ['no quotes', '\n', { quote: '' }],
    ['a text for null', '\n', { nullText: '\\N' }],
    ['empty texts', '\n', { empty: 'text' }],
    ['apostrophes before formulas', '\n', { formulas: 'escape' }],
    ['a byte order mark', '\n', { bom: true }],
  ])('for files with %s', async (_, eol, csv: Record<string, string | boolean>) => {
    const mark = csv['bom'] === true ? '\uFEFF' : ''
    const delimiter = String(csv['delimiter'] ?? ',')
    const quote = csv['quote'] === '' ? '' : '"'
    const escape = String(csv['escape'] ?? quote)
    const quoted = (text: string): string => quote + text + quote
    const fields = [
      '',
      quoted(''),
      'plain',
      "'=1+1",
      "'",
      '\\N',
      quoted('\\N'),
      quoted(`a${delimiter}b`),
      'ä€😀',
      ' x ',
    ]
    if (quote !== '')
      fields.push(
        quoted(`say ${escape}"hi${escape}"`),
        quoted('two\nlines'),
        quoted('two\r\nlines'),
        quoted('a\r'),
      )
    const file = (turn: number, end: string): string =>
      mark +
      ['id', 'one', 'two'].join(delimiter) +
      eol +
      fields
        .map((field, i) => [`k${i}`, field, fields[(i * turn) % fields.length]].join(delimiter))
        .join(eol) +
      end
    await same({ files: { 'source.csv': file(1, eol), 'target.csv': file(1, '') }, csv })
    await same({ files: { 'source.csv': file(1, ''), 'target.csv': file(3, eol) }, csv })
  })

  it('for rows that are none: too few and too many fields, misplaced quotes, a quote that is never closed', async () => {
    const bad = 'id,v\na,1\nb\nc,1,2\n\n"d"x,1\r\ne,"1\n2"\nf,"x"y\n,nokey\n"",nokey\ng,1\n'
    await same({ files: { 'source.csv': bad, 'target.csv': 'id,v\na,1\ng,2\n' } })
    await same({ files: { 'source.csv': 'id,v\na,1\n', 'target.csv': bad + 'h,"open\nto the end' } })
  })

  it('for empty files, files without rows and several files with their columns in another order', async () => {
    await same({ files: { 'source.csv': '', 'target.csv': 'id,v\n' } })
    await same({ files: { 'source.csv': 'id,v\na,1', 'target.csv': '' } })
    await same({
      files: {
        'source1.csv': 'id,v,w\na,1,2\n',
        'source2.csv': 'w,v,id\n2,1,b',
        'target.csv': 'v,id\n1,a\n3,b\n1,c',
      },
    })
  })

  it('for a row that is longer than a block and a file of one column', async () => {
    const long = 'x'.repeat(1_500_000)
    await same({
      files: {
        'source.csv': `id,v\na,${long}\nb,"${long}\n"\n`,
        'target.csv': `id,v\nb,"${long}\n"\na,${long}y\n`,
      },
    })
    await same({ files: { 'source.csv': 'id\na\n\n\nb\n', 'target.csv': 'id\nb\n""\na\n' } })
  })

  it('for keys that are made alike, and keys that are numbers, booleans and instants', async () => {
    const ids = [
      '  A1 ',
      'a1',
      '0a1',
      '000',
      '0',
      'ÄB',
      'äb',
      'x\u00a0',
      'x',
      '7',
      '07',
      '7.0',
      '+7',
      T,
      '2026-03-01T11:00:00+01:00',
      'true',
      '1',
    ]
    const file = (turn: number): string =>
      'id,v\n' + ids.map((_, i) => `${ids[(i * turn) % ids.length] ?? ''},${i % 3}\n`).join('')
    const files = { 'source.csv': file(1), 'target.csv': file(5) }
    const alike = { ...exactField('id'), trim: true, fold: true, stripZeros: true }
    const rules = [
      exactField('id'),
      alike,
      { ...alike, values: { x: 'a1', A1: '7' } },
      { ...exactField('id'), trim: true },
    ]
    for (const rule of rules)
      for (const type of ['string', 'integer', 'number', 'boolean'])
        await same({
          files,
          workflow: { schema: { type: 'object', properties: { id: { type }, v: { type: 'integer' } } } },
          settings: { match: [{ on: [rule], pairing: 'one-to-one', sum: [] }] },
        })
  })

  it('for keys of parts that run together', async () => {
    const files = {
      'source.csv': 'a,b,v\n1,11,x\n11,1,x\n,1,x\n1,,x\n',
      'target.csv': 'a,b,v\n11,1,x\n111,,x\n1,11,y\n',
    }
    await same({ files, key: ['a', 'b'] })
  })

  it.each(['year', 'month', 'day', { first: 3 }, 'value'] as const)('for totals by %j', async (by) => {
    const values = [
      T,
      '2026-03-31T23:30:00-02:00',
      '2026-12-31T23:59:60Z',
      '2024-02-29',
      '2024-02-29T00:00:00Z',
      '2026-04',
      'abcdef',
      'äöüß',
      '',
      '""',
      '2026-03-01 10:00',
      '0001-01-01T00:00:00Z',
      '12',
      '2026-13-01T00:00:00Z',
    ]
    const rows = values.map((value, i) => `k${i},${value},${i}\n`).join('')
    const dimensions = [{ name: 'd', field: 'd', by }]
    const measures = [{ name: 'n', fields: ['n'] }]
    const files = { 'source.csv': 'id,d,n\n' + rows, 'target.csv': 'id,d,n\n' + rows.replaceAll('1', '2') }
    for (const rule of [EXACT, { ...EXACT, fold: true, space: true, alike: ['null', 'empty'] as const }])
      await same({ files, settings: { dimensions, measures, compare: { d: rule } } })
  })

  it('for sums beyond what a double holds, of products and of numbers in texts', async () => {
    const numbers = [
      '999999999999999',
      '0.000000000000001',
      '-999999999999999',
      '12345678.12345678',
      '1',
      'x',
      '',
      '1e3',
      '+2',
      '99999999999999999999.5',
    ]
    const rows = Array.from(
      { length: 200 },
      (_, i) => `k${i},${numbers[i % 10] ?? ''},${numbers[(i * 7) % 10] ?? ''}\n`,
    ).join('')
    await same({
      files: { 'source.csv': 'id,x,y\n' + rows, 'target.csv': 'y,x,id\n' },
      settings: {
        measures: [
          { name: 'x', fields: ['x'] },
          { name: 'xy', fields: ['x', 'y'] },
        ],
      },
    })
  })

  it('for a mapping that renames', async () => {
    const files = { 'source.csv': 'nr,amount,extra\na,1,x\nb,2,y\n', 'target.csv': 'quantity,id\n1,a\n3,b\n' }
    for (const rest of ['drop', 'pass'] as const)
      await same({
        files,
        workflow: { schema: SCHEMA, map: { id: 'nr', quantity: { from: 'amount' }, '*': rest } },
      })
  })

  it('for more breaks than are read again at once, and for many groups', async () => {
    const file = (note: string, order: (i: number) => number): string => {
      const rows = Array.from({ length: 4000 }, (_, i) => `k${order(i)},${i % 700},${note.repeat(500)}\n`)
      return 'id,place,note\n' + rows.join('')
    }
    const files = { 'source.csv': file('a', (i) => i), 'target.csv': file('b', (i) => 3999 - i) }
    expect((await same({ files, settings: TOTALS })).groups).toHaveLength(4000)
  })

  it('for groups by values that are one number or one instant in several spellings', async () => {
    const spellings = ['1', '1.0', '1.00', '01', '"1"', '-1', '', '10']
    const times = [T, '2026-03-01T10:00:00.0Z', '2026-03-01T11:00:00+01:00', '']
    const dimensions = ['cost', 'at'].map((field) => ({ name: field, field, by: 'value' as const }))
    const rows = spellings.flatMap((cost, i) => times.map((at, j) => `${i}${j},${cost},${at}\n`))
    const files = {
      'source.csv': 'id,cost,at\n' + rows.join(''),
      'target.csv': 'at,id,cost\n' + rows.map((row) => row.replace(/(.*),(.*)\n/, '$2,$1\n')).join(''),
    }
    for (const schema of [SCHEMA, undefined])
      await same({ files, settings: { ...TOTALS, dimensions }, ...(schema ? { workflow: { schema } } : {}) })
  })

  it('when the keys take more memory than they may', async () => {
    const file = (from: number): string =>
      'id,v\n' +
      Array.from({ length: 1500 }, (_, i) => `key ${(i * 7919) % 1400},${(i + from) % 50}\n`).join('')
    const files = { 'source.csv': file(0), 'target.csv': file(1) }
    await same({ files, settings: { memory: 60_000 } })
    // the first rows promise few keys
    const long = Array.from({ length: 18 }, (_, i) => `long ${i},${'x'.repeat(60_000)}\n`).join('')
    const misleading = { 'source.csv': file(0).replace('\n', `\n${long}`), 'target.csv': file(1) + long }
    await same({ files: misleading, settings: { memory: 200_000 } })
  })

  it('for any rows', async () => {
    const text = fc.oneof(
      fc.constantFrom(
        '',
        '""',
        'a',
        '"a,b"',
        '"a""b"',
        '"a\nb"',
        '1',
        '1.0',
        '01',
        '-1',
        '1e1',
        'true',
        T,
        'é',
        '"x"y',
        '"',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }).map((value) => `"${value.replaceAll('"', '""')}"`),
    )
    const row = fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'd', ''),
      fc.constantFrom('N', 'S', '""'),
      text,
      text,
      text,
      text,
    )
    const eol = fc.constantFrom('\n', '\r\n', '\r')
    const side = fc.tuple(fc.array(row, { maxLength: 8 }), eol)
    const fileOf = ([rows, end]: [string[][], string]): string =>
      ['id,place,quantity,cost,active,at', ...rows.map((fields) => fields.join(','))].join(end)
    await fc.assert(
      fc.asyncProperty(side, side, fc.boolean(), async (source, target, schema) => {
        await same({
          files: { 'source.csv': fileOf(source), 'target.csv': fileOf(target) },
          ...(schema ? { workflow: { schema: SCHEMA } } : {}),
          settings: TOTALS,
        })
      }),
      { numRuns: 150 },
    )
  })
})

describe('Bytes are left to the record pass', () => {
  const files = { 'source.csv': 'id,v\na,1\n', 'target.csv': 'id,v\na,2\n' }

  it.each([
    [
      'where a mapping changes values',
      { workflow: { map: { id: 'id', v: { from: 'v', case: 'upper' as const } } } },
    ],
    ['where a field may be absent', { csv: { empty: 'absent' } }],
    ['in another encoding', { csv: { encoding: 'windows-1252' } }],
    ['where one side counts in another unit', { settings: { compare: { v: { ...EXACT, factor: 2 } } } }],
  ])('%s', async (_, given) => {
    expect((await bothPasses({ files, ...given })).bytes).toBeUndefined()
  })

  it('when the file is packed', async () => {
    const packed = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    expect((await bothPasses({ files: { ...files, 'source.csv': packed } })).bytes).toBeUndefined()
  })

  it('and bytes that are no UTF-8 stop both with the same fault', async () => {
    const bytes = new TextEncoder().encode('id,v\na,1\nb,?\n')
    bytes[11] = 0xe4
    await expect(bothPasses({ files: { ...files, 'source.csv': bytes } })).rejects.toMatchObject({
      code: 'TEXT_ENCODING_INVALID',
    })
  })

  it('and a file that has lost its rows by the time they are read again stops it', async () => {
    const source = 'id,v\n' + Array.from({ length: 20 }, (_, i) => `${i},1\n`).join('')
    const given = {
      files: { 'source.csv': source, 'target.csv': source.replaceAll(',1', ',2') },
      onRead: (rows: number, folder: string) => {
        if (rows === 40) truncateSync(join(folder, 'target.csv'), 5)
      },
    }
    await expect(bothPasses(given)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  })
})
