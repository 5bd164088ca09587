// Where the compiled scan and what surrounds it meet: ends of blocks, what outgrows a buffer, rows that one leaves to the
// other. What a pass over records gives is the truth.
import { join } from 'node:path'
import fc from 'fast-check'
import type { KeyGroup } from '../../../shared/core/reconciliation/first-pass'
import { exactField } from '../../../shared/core/reconciliation/defaults'
import { bothPasses, handedOut, type PassCase } from '../../support/both-passes'
import { Compiled } from '../../support/compiled'
import { folderWith } from '../../support/folder'

const SCHEMA = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    place: { type: 'string' },
    quantity: { type: 'integer' },
    cost: { type: 'number' },
    at: { type: 'string', format: 'date-time' },
  },
}
const SETTINGS = {
  cutOff: { field: 'at', windowMs: 0 },
  dimensions: [{ name: 'place', field: 'place', by: 'value' as const }],
  measures: [
    { name: 'quantity', fields: ['quantity'] },
    { name: 'value', fields: ['quantity', 'cost'] },
  ],
}
const T = '2026-03-01T10:00:00Z'

async function same(given: PassCase): Promise<void> {
  const { bytes, records } = await bothPasses(given)
  expect(bytes).toBeDefined()
  expect(bytes).toEqual(records)
}

const placesIn = (groups: readonly KeyGroup[], side: 'source' | 'target', field: string): unknown[] =>
  groups.flatMap((group) => group[side].map((record) => record[field]))

/** As it stands in the text of a group in a text. */
const quotedTwice = (value: string): string => JSON.stringify(JSON.stringify([value])).slice(1, -1)

describe('A block may end', () => {
  it('behind any byte of a row, whatever the row is', async () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        '',
        '""',
        '"b,c"',
        '"say ""hi"""',
        '"two\r\nlines"',
        '"',
        '"x"y',
        'é',
        '"ö""😀"',
        '1',
        '1.50',
        '1e3',
      ],
      ...['-7', T, '2026-03-01T11:00:00.500+01:00', "'=1"],
    )
    const row = fc.tuple(fc.constantFrom('a', 'b', '"c"', '"c""d"', ''), piece, piece, piece, piece)
    const side = fc.tuple(fc.array(row, { maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean())
    const fileOf = ([rows, eol, mark]: [string[][], string, boolean]): string =>
      (mark ? '\uFEFF' : '') +
      ['id,place,quantity,cost,at', ...rows.map((fields) => fields.join(','))].join(eol)
    await fc.assert(
      fc.asyncProperty(side, side, fc.integer({ min: 1, max: 9 }), async (source, target, readAtMost) => {
        await same({
          files: { 'source.csv': fileOf(source), 'target.csv': fileOf(target) },
          workflow: { schema: SCHEMA },
          settings: SETTINGS,
          readAtMost,
        })
      }),
      { numRuns: 40 },
    )
  })

  it('anywhere in files of several blocks', async () => {
    const file = (eol: string): string =>
      [
        'id,place,note',
        ...Array.from({ length: 9000 }, (_, i) => `k${i},"p,${i % 7}",some note ${i % 13}`),
      ].join(eol)
    for (const eol of ['\n', '\r\n', '\r'])
      await same({ files: { 'source.csv': file(eol), 'target.csv': file('\n') }, settings: SETTINGS })
    const quotes = Array.from(
      { length: 700 },
      (_, i) => `k${i},"${'x""\r\n'.repeat((i * 37) % 500)}"\r\n`,
    ).join('')
    await same({ files: { 'source.csv': 'id,v\r\n' + quotes, 'target.csv': 'id,v\n' + quotes } })
  })
})

describe('Nothing is too large', () => {
  it('a key of a megabyte, plain, escaped, made alike, and one that has to be looked at as a text', async () => {
    const long = 'ab'.repeat(500_000)
    const rows = `${long},1\n"${long}""",2\n${long}é,3\nshort,4\n`
    const files = {
      'source.csv': 'id,v\n' + rows,
      'target.csv': 'id,v\n' + rows.replaceAll('b,', 'B,') + 'x,5\n',
    }
    await same({ files })
    await same({ files, settings: { memory: 400_000 } })
    const fold = { ...exactField('id'), fold: true }
    await same({ files, settings: { match: [{ on: [fold], pairing: 'one-to-one', sum: [] }] } })
  })

  it('thousands of columns, in another order on the other side, and rows with too many and too few', async () => {
    const names = Array.from({ length: 3000 }, (_, i) => `c${i}`)
    const row = (key: string, order: readonly string[], changed = ''): string =>
      [key, ...order.map((name) => (name === changed ? 'other' : `${key}${name}`))].join(',')
    const other = names.toReversed()
    const source = [
      ['id', ...names].join(','),
      row('a', names),
      row('b', names),
      row('c', names) + ',more',
      'd',
    ]
    const target = [['id', ...other].join(','), row('b', other, 'c2999'), row('a', other)]
    await same({ files: { 'source.csv': source.join('\n'), 'target.csv': target.join('\n') } })
  })

  it('thousands of groups of long names, with sums that change their unit on the way', async () => {
    const rows = (shift: number): string =>
      Array.from({ length: 6000 }, (_, i) => {
        const cost = i === 4000 ? '0.12345678901234' : i % 50 === 0 ? '999999999999.5' : `${i}.25`
        return `k${i},${'place '.repeat(20)}${(i * 7) % 3000},${i - 3000},${cost},${shift}\n`
      }).join('')
    const head = 'id,place,quantity,cost,v\n'
    const files = { 'source.csv': head + rows(1), 'target.csv': head + rows(2) }
    await same({ files, settings: SETTINGS, workflow: { schema: SCHEMA } })
  })
})

it('Sums are exact for any numbers, whatever the order of their decimals', async () => {
  const number = fc
    .tuple(fc.bigInt({ min: -999999999999999n, max: 999999999999999n }), fc.integer({ min: 0, max: 14 }))
    .map(([digits, scale]) => {
      const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
      const decimals = scale === 0 ? '' : `.${text.slice(-scale)}`
      return `${digits < 0n ? '-' : ''}${text.slice(0, text.length - scale)}${decimals}`
    })
  const rows = fc.array(fc.tuple(fc.constantFrom('N', 'S'), number, number), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(rows, rows, fc.boolean(), async (source, target, schema) => {
      const fileOf = (all: [string, string, string][]): string =>
        'id,place,quantity,cost\n' + all.map((fields, i) => `${i},${fields.join(',')}\n`).join('')
      await same({
        files: { 'source.csv': fileOf(source), 'target.csv': fileOf(target) },
        settings: { dimensions: SETTINGS.dimensions, measures: SETTINGS.measures },
        ...(schema ? { workflow: { schema: SCHEMA } } : {}),
      })
    }),
    { numRuns: 30 },
  )
})

describe('Rows that are equal are not read again', () => {
  it('though one instant is written in any zone, with zeros, or beyond its hour', async () => {
    const pad = (value: number, size = 2): string => String(value).padStart(size, '0')
    const instant = fc.tuple(
      fc.date({ min: new Date('0002-01-01'), max: new Date('9998-12-31'), noInvalidDate: true }),
      fc.integer({ min: -839, max: 839 }),
      fc.integer({ min: 0, max: 999_999_999 }),
    )
    const inUtc = ([date, , fraction]: [Date, number, number]): string =>
      `${date.toISOString().slice(0, 19)}.${pad(fraction, 9)}Z`
    const inZone = ([date, zone, fraction]: [Date, number, number]): string => {
      const local = new Date(date.getTime() + zone * 60_000).toISOString().slice(0, 19)
      const minutes = Math.abs(zone)
      const sign = zone < 0 ? '-' : '+'
      const decimals = pad(fraction, 9).replace(/0+$/, '')
      return `${local}${decimals === '' ? '' : '.'}${decimals}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
    }
    await fc.assert(
      fc.asyncProperty(fc.array(instant, { minLength: 1, maxLength: 40 }), async (instants) => {
        const file = (write: (one: [Date, number, number]) => string): string =>
          'id,at\n' + instants.map((one, i) => `${i},${write(one)}\n`).join('')
        const files = { 'source.csv': file(inUtc), 'target.csv': file(inZone) }
        expect(await handedOut({ files, workflow: { schema: SCHEMA } })).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('though numbers, quotes and line ends are written in other ways, in the row or as a record', async () => {
    const source = 'id,quantity,cost,note\na,1,1.50,"say ""hi"""\nb,-7,0.10,x\nc,1e3,2,y\nd,2,3,"z\r\nz"\n'
    const target =
      'note,cost,quantity,id\r\n"y","2.0","1000","c"\r\n"say ""hi""",1.5,1,a\r\n"x",+0.1,-07,b\r\n"z\r\nz",3,2,d\r\n'
    const files = { 'source.csv': source, 'target.csv': target }
    expect(await handedOut({ files, workflow: { schema: SCHEMA } })).toEqual([])
  })
})

describe('Rows of one key stand in the order of their file', () => {
  const rows = Array.from({ length: 900 }, (_, i) =>
    i % 3 === 0 ? `k,1e${i % 4},${i}\n` : `k,${i % 5},${i}\n`,
  )
  const files = {
    'source.csv': 'id,quantity,n\n' + rows.join(''),
    'target.csv': 'id,quantity,n\n' + rows.join(''),
  }
  const order = rows.map((_, i) => String(i))

  it.each([
    ['in memory', 1_000_000_000],
    ['on disk from the start', 1],
    ['after they went to disk', 9_000],
  ])('%s, those looked at as records among those that are not', async (_, memory) => {
    const groups = await handedOut({ files, workflow: { schema: SCHEMA }, settings: { memory } })
    expect(groups).toHaveLength(1)
    expect(placesIn(groups, 'source', 'n')).toEqual(order)
    expect(placesIn(groups, 'target', 'n')).toEqual(order)
  })
})

it('What a table holds goes to disk in the middle of either side, and stays what it was', async () => {
  const file = (rows: number, value: (i: number) => string): string =>
    'id,v\n' + Array.from({ length: rows }, (_, i) => `key ${(i * 7919) % rows},${value(i)}\n`).join('')
  // few rows before many: the table seems to be large enough
  const long = `long,${'x'.repeat(200_000)}\n`.repeat(3)
  const source = file(6000, (i) => (i % 1000 === 0 ? 'é' : 'same'))
  const target = file(12_000, (i) => (i % 1500 === 0 ? '"é"' : 'same'))
  for (const memory of [100_000, 400_000, 600_000])
    await same({
      files: {
        'source.csv': source.replace('\n', `\n${long}`),
        'target.csv': target.replace('\n', `\n${long}`),
      },
      settings: { memory },
    })
})

it('Two fields that come from one column are left to records', async () => {
  const files = { 'source.csv': 'nr,n\na,1\n', 'target.csv': 'id,v,w\na,1,2\n' }
  expect((await bothPasses({ files, workflow: { map: { id: 'nr', v: 'n', w: 'n' } } })).bytes).toBeUndefined()
})

it('A key that begins with a zero character, as instants in a key do inside, is a group as it stands', async () => {
  const file = `id\n\0z\n\0\n${T}\n`
  const { bytes, records } = await bothPasses({
    files: { 'source.csv': file, 'target.csv': file },
    settings: { dimensions: [{ name: 'id', field: 'id', by: 'value' }] },
  })
  expect(bytes).toEqual(records)
  for (const group of [T, '\0', '\0z']) expect(JSON.stringify(records.result)).toContain(quotedTwice(group))
})

it('Where nothing runs WebAssembly, records give the same', async () => {
  const program = new Compiled(join(__dirname, '../../../bench/run-match.ts'))
  const head = 'sku,location,category,quantity,unit_cost,currency,updated_at,status\n'
  const row = (i: number, quantity: number): string => `S${i},L,C,${quantity},1.5,EUR,${T},active\n`
  const folder = folderWith({
    'a.csv': head + Array.from({ length: 50 }, (_, i) => row(i, i)).join(''),
    'b.csv': head + Array.from({ length: 50 }, (_, i) => row(i + 1, i % 2 === 0 ? i + 1 : 0)).join(''),
  })
  const match = async (...flags: string[]): Promise<unknown> => {
    let out = ''
    for await (const text of program.start([folder.path, '64'], undefined, flags).stdout) out += String(text)
    return JSON.parse(out)
  }
  try {
    const found = { changed: 24, missingInA: 1, missingInB: 1, repeatedInA: 0, repeatedInB: 0, groups: 1 }
    expect(await match()).toMatchObject({ method: 'bytes', found })
    expect(await match('--jitless')).toMatchObject({ method: 'records', found })
    expect(await match('--wasm-max-mem-pages=2')).toMatchObject({ method: 'records', found })
  } finally {
    folder.remove()
    program.remove()
  }
})

it('Memory that is refused in the middle of a file is told with the way out, which helps', async () => {
  const program = new Compiled(join(__dirname, '../../../cli/index.ts'))
  // few rows before many: a small table seems to do
  const file = `id,v\nlong,${'x'.repeat(400_000)}\n${Array.from({ length: 60_000 }, (_, i) => `key ${i},1\n`).join('')}`
  const definition = (memory: string): string => `tieout: 1
connections: { files: { connector: csv } }
workflows:
  stock:
    key: id
    source: { connection: files, stream: a.csv }
    target: { connection: files, stream: b.csv }
    reconcile: { memory: ${memory} }
`
  const folder = folderWith({
    'a.csv': file,
    'b.csv': file,
    'all.yaml': definition('256MB'),
    'less.yaml': definition('1MB'),
  })
  const reconcile = async (config: string): Promise<string> => {
    const args = ['reconcile', 'stock', '--config', config, '--json']
    const { stdout } = program.start(args, folder.path, ['--wasm-max-mem-pages=60'])
    let out = ''
    for await (const text of stdout) out += String(text)
    return out
  }
  try {
    const refused = await reconcile('all.yaml')
    expect(refused).toContain('"code": "MEMORY_REFUSED"')
    expect(refused).toContain('say less under memory in reconcile, such as 64MB')
    expect(await reconcile('less.yaml')).toContain('"status": "ties-out"')
  } finally {
    folder.remove()
    program.remove()
  }
})
