import { xml } from '../../../connectors/xml'
import { FileBench, readAll } from './bench'

let bench: FileBench
beforeEach(async () => {
  bench = await FileBench.open()
})
afterEach(() => bench.close())

const read = async (content: string | Uint8Array, settings = {}) => {
  await bench.put('a.xml', content)
  return bench.rows(xml, 'a.xml', settings)
}

describe('reading', () => {
  test('attributes, text beside them, nested elements and lists', async () => {
    const content = `<?xml version="1.0"?>
      <catalog>
        <item id="007"><price currency="EUR">1.50</price><tag>a</tag><tag>b</tag><size><w>1</w></size></item>
        <item id="8"><note> two &amp; <![CDATA[<three>]]> </note></item>
      </catalog>`
    expect(await read(content)).toEqual([
      { '@id': '007', price: { '@currency': 'EUR', '#text': '1.50' }, tag: ['a', 'b'], size: { w: '1' } },
      { '@id': '8', note: ' two & <three> ' },
    ])
  })

  test('an element that is empty is an empty text, one that is nil is null, one that is not there is absent', async () => {
    const content = `<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
      <i><a/><b></b><c xsi:nil="true"/></i></r>`
    expect(await read(content)).toEqual([{ a: '', b: '', c: null }])
    expect(await read(content, { empty: 'null' })).toEqual([{ a: null, b: null, c: null }])
  })

  test('records by a path from the root or by name', async () => {
    const content = '<a><h><item><id>0</id></item></h><d><item><id>1</id><item>x</item></item></d></a>'
    expect(await read(content, { path: '/a/d/item' })).toEqual([{ id: '1', item: 'x' }])
    expect(await read(content, { path: 'item' })).toEqual([{ id: '0' }, { id: '1', item: 'x' }])
  })

  test('namespaces are local names, or the prefixes that the workflow chose', async () => {
    const content =
      '<x:r xmlns:x="urn:one" xmlns:y="urn:two"><x:i y:k="1"><x:a>1</x:a><y:a>2</y:a></x:i></x:r>'
    expect(await read(content, { namespaces: { two: 'urn:two' } })).toEqual([
      { '@two:k': '1', a: '1', 'two:a': '2' },
    ])
  })

  test('an element named as a list is one even when it stands alone', async () => {
    expect(await read('<r><i><tag>a</tag></i></r>', { lists: ['tag'] })).toEqual([{ tag: ['a'] }])
  })

  test('elements that are called like what every object has', async () => {
    const [row] = await read(
      '<r><i><constructor>a</constructor><toString>b</toString><toString>c</toString></i></r>',
    )
    expect(row).toEqual({ constructor: 'a', toString: ['b', 'c'] })
  })

  test('an encoding that is declared wrongly: there is no setting to advise', async () => {
    const content = Buffer.from(
      '<?xml version="1.0" encoding="UTF-8"?><r><i><a>K\xf6ln</a></i></r>',
      'latin1',
    )
    await expect(read(content)).rejects.toMatchObject({
      code: 'TEXT_ENCODING_INVALID',
      detail: expect.stringMatching(
        /byte 48 is not utf-8.*windows-1252\. Have its encoding declared/,
      ) as unknown,
    })
  })

  test('the encoding of the XML declaration', async () => {
    const content = Buffer.from(
      '<?xml version="1.0" encoding="ISO-8859-1"?><r><i><a>K\xf6ln</a></i></r>',
      'latin1',
    )
    expect(await read(content)).toEqual([{ a: 'Köln' }])
  })

  test.each([
    ['<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><i>&x;</i></r>', {}, 'XML_DOCTYPE_REFUSED'],
    ['<r><i>&bomb;</i></r>', {}, 'XML_INVALID'],
    ['<r><i>1</i>', {}, 'XML_INVALID'],
    ['<r><i></r></i>', {}, 'XML_INVALID'],
    ['<r>' + '<i>'.repeat(200) + '</i>'.repeat(200) + '</r>', {}, 'XML_TOO_DEEP'],
    ['<r><i/></r>', { path: '/catalog/item' }, 'RECORD_PATH_NOT_FOUND'],
  ])('%j stops with its code', async (content, settings, code) => {
    await expect(read(content, settings)).rejects.toMatchObject({ code })
  })

  test('no record under its parent is an empty listing; no element of a name at all proves nothing', async () => {
    await bench.put('a.xml', '<catalog/>')
    const ends = async (path: string) =>
      (await readAll(await bench.source(xml, 'a.xml', { path }))).end?.complete
    expect(await ends('/catalog/item')).toBe(true)
    expect(await ends('item')).toBe(false)
  })
})

describe('writing', () => {
  test('what is written is read again', async () => {
    const records = [
      {
        '@id': '1',
        a: '',
        b: null,
        c: ' <&>"\' \r\n ',
        tags: ['x', 'y', null, ''],
        o: { '@k': 'v"<', '#text': 't' },
      },
      { '@id': '2', name: '😀' },
    ]
    const settings = { path: '/stock/items/item', namespaces: { p: 'urn:p' } }
    await bench.write(xml, 'out.xml', records, { settings, key: ['@id'] })
    expect(await bench.rows(xml, 'out.xml', settings)).toEqual(records)
    expect(await bench.write(xml, 'out.xml', records, { settings, key: ['@id'] })).toEqual([
      { outcome: 'unchanged' },
      { outcome: 'unchanged' },
    ])
  })

  test('a name that XML does not have is refused record by record', async () => {
    const answers = await bench.write(xml, 'out.xml', [
      { id: 1, a: 'x' },
      { id: 2, 'unit price': 1 },
      { id: 3, a: [[1]] },
    ])
    expect(answers).toMatchObject([
      { outcome: 'created' },
      { outcome: 'rejected', code: 'XML_NAME_INVALID', pointer: '/unit price' },
      { outcome: 'rejected', code: 'XML_NAME_INVALID', pointer: '/a' },
    ])
    expect(await bench.rows(xml, 'out.xml')).toEqual([{ id: '1', a: 'x' }])
  })

  test('characters that XML does not have are replaced and counted', async () => {
    await bench.write(xml, 'out.xml', [{ id: 1, a: 'x\u0000y' }])
    expect(await bench.rows(xml, 'out.xml')).toEqual([{ id: '1', a: 'x\uFFFDy' }])
    expect(bench.ledger.take()).toEqual({ a: { ENCODING_REPLACED: 1 } })
  })
})
