import { json } from '../../../connectors/json'
import { ndjson } from '../../../connectors/ndjson'
import { MalformedRow } from '../../../shared/core/connector'
import { JsonSplitter } from '../../../shared/core/format/json-split'
import { printJson } from '../../../shared/core/format/json'
import { FileBench, readAll, shown } from './bench'

let bench: FileBench
beforeEach(async () => {
  bench = await FileBench.open()
})
afterEach(() => bench.close())

describe('a JSON document', () => {
  const read = async (content: string, settings = {}) => {
    await bench.put('a.json', content)
    return shown(await bench.rows(json, 'a.json', settings))
  }

  test.each([
    ['a list', '\uFEFF [ {"id":1}, {"id":2} ] ', {}],
    [
      'a dotted path',
      '{"meta":{"a":[1,{"x":"]}"}]},"data":{"n":2,"items":[{"id":1},{"id":2}]},"z":0}',
      { path: 'data.items' },
    ],
    ['a pointer', '{"data":{"a/b":[{"id":1},{"id":2}]}}', { path: '/data/a~1b' }],
  ])('records in %s', async (_, content, settings) => {
    expect(await read(content, settings)).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('a single object is one record', async () => {
    expect(await read('{"id":1,"a":[1,2]}')).toEqual([{ id: 1, a: [1, 2] }])
    expect(await read('{"data":{"id":1}}', { path: 'data' })).toEqual([{ id: 1 }])
  })

  test('an empty list has no records', async () => {
    expect(await read('{"data":[]}', { path: 'data' })).toEqual([])
  })

  test('every digit is kept', async () => {
    await bench.put('a.json', '[{"a":9007199254740993,"b":0.1234567890123456789,"c":1e400,"d":12}]')
    const [row] = await bench.rows(json, 'a.json')
    expect(row instanceof MalformedRow || !row ? '' : printJson(row)).toMatch(
      /^{"a":9007199254740993,"b":0.1234567890123456789,"c":10{400},"d":12}$/,
    )
  })

  test('an entry that is no object or has a field twice is malformed, the rest goes on', async () => {
    expect(await read('[{"id":1},7,{"id":2,"id":3},{"id" 4},{"__proto__":1},"a,]",{"id":5}]')).toEqual([
      { id: 1 },
      ['a.json record 2', 'NOT_A_RECORD'],
      ['a.json record 3', 'JSON_DUPLICATE_FIELD'],
      ['a.json record 4', 'JSON_INVALID'],
      ['a.json record 5', 'FIELD_NAME_FORBIDDEN'],
      ['a.json record 6', 'NOT_A_RECORD'],
      { id: 5 },
    ])
  })

  test.each([
    ['[{"id":1},', {}, 'JSON_TRUNCATED'],
    ['[{"id":1}', {}, 'JSON_TRUNCATED'],
    ['[{"id":"1', {}, 'JSON_TRUNCATED'],
    ['{"data":[{"id":1}]', { path: 'data' }, 'JSON_TRUNCATED'],
    ['', {}, 'JSON_TRUNCATED'],
    ['[{"id":1}]]', {}, 'JSON_STRUCTURE_INVALID'],
    ['{"id":1}\n{"id":2}', {}, 'JSON_STRUCTURE_INVALID'],
    ['[{"id":1} {"id":2}]', {}, 'JSON_STRUCTURE_INVALID'],
    ['[{"id":1},,{"id":2}]', {}, 'JSON_STRUCTURE_INVALID'],
    ['{"data":[{"id":1}]}', { path: 'items' }, 'RECORD_PATH_NOT_FOUND'],
    ['{"data":7}', { path: 'data' }, 'RECORD_PATH_NOT_FOUND'],
    ['7', {}, 'JSON_STRUCTURE_INVALID'],
    ['id,name\n1,one\n', {}, 'JSON_STRUCTURE_INVALID'],
  ])('%j with %j stops with %s', async (content, settings, code) => {
    await expect(read(content, settings)).rejects.toMatchObject({ code })
  })

  test('the cut between two pieces changes nothing', () => {
    const text =
      '{"m":["\\\\\\"]",{}],"d":{"i":[{"a":"x\\"},{\\\\"},{"b":[1,"}"],"c":null},-1.5e3,true]}, "z":"\\\\"}'
    const whole = new JsonSplitter('a', ['d', 'i']).push(text, true)
    expect(whole).toEqual(['{"a":"x\\"},{\\\\"}', '{"b":[1,"}"],"c":null}', '-1.5e3', 'true'])
    for (let cut = 0; cut <= text.length; cut++) {
      for (let second = cut; second <= text.length; second++) {
        const splitter = new JsonSplitter('a', ['d', 'i'])
        const pieces = [text.slice(0, cut), text.slice(cut, second), text.slice(second)]
        expect(pieces.flatMap((piece, i) => splitter.push(piece, i === 2))).toEqual(whole)
      }
    }
  })

  test('what is written is read again, at the path', async () => {
    const records = [{ id: 1, a: null }, { id: 2, a: '' }, { id: 3 }]
    await bench.write(json, 'out.json', records, { settings: { path: 'data.items' } })
    expect(JSON.parse(await bench.text('out.json'))).toEqual({ data: { items: records } })
    expect(await bench.rows(json, 'out.json', { path: 'data.items' })).toEqual(records)
  })
})

describe('NDJSON', () => {
  const read = async (content: string) => {
    await bench.put('a.ndjson', content)
    const { rows, end } = await readAll(await bench.source(ndjson, 'a.ndjson'))
    return { rows: shown(rows), end }
  }

  test('one bad line is one malformed row; blank lines and a byte order mark are passed over', async () => {
    const { rows, end } = await read('\uFEFF{"id":1}\r\n\n[1]\n{"id":2,}\n{"id":3}')
    expect(rows).toEqual([
      { id: 1 },
      ['a.ndjson line 3', 'NOT_A_RECORD'],
      ['a.ndjson line 4', 'JSON_INVALID'],
      { id: 3 },
    ])
    expect(end?.complete).toBe(true)
  })

  test('a line with thousands of levels is one malformed row, too', async () => {
    const deep = (levels: number) => `{"id":1,"a":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`
    const { rows } = await read(`${deep(10_000)}\n${deep(100)}\n`)
    expect(rows[0]).toEqual(['a.ndjson line 1', 'JSON_INVALID'])
    expect(rows[1]).toMatchObject({ id: 1 })
  })

  test('a last line that is cut short makes the listing incomplete', async () => {
    expect(await read('{"id":1}\n{"id":')).toMatchObject({
      rows: [{ id: 1 }, ['a.ndjson line 2', 'JSON_INVALID']],
      end: { complete: false },
    })
  })
})
