import { execFileSync } from 'node:child_process'
import { createServer, type RequestListener, type Server } from 'node:http'
import { chmod, mkdir, symlink, lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { portOf } from '../../../bench/lib/port'
import { csv } from '../../../connectors/csv'
import { ndjson } from '../../../connectors/ndjson'
import type { CheckedStream, CheckStep, ListingEnd } from '../../../shared/core/connector'
import { FileBench, live, pagesOf, readAll } from './bench'

let bench: FileBench
beforeEach(async () => {
  bench = await FileBench.open()
})
afterEach(() => bench.close())

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${from + i},x`).join('\n')

describe('which files', () => {
  test('a glob reads its files in alphabetical order as one stream', async () => {
    await mkdir(join(bench.folder, 'in'))
    for (const [name, id] of [
      ['c.csv', 3],
      ['a.csv', 1],
      ['b.csv', 2],
    ] as const)
      await bench.put(`in/${name}`, `id\n${id}\n`)
    await bench.put('in/a.txt', 'id\n9\n')
    const { rows, end } = await readAll(await bench.source(csv, 'in/*.csv'))
    expect(rows).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }])
    expect(end).toEqual({ complete: true, total: 3, evidence: '3 files read to the end: 3 rows' })
  })

  test('a name with the signs of a glob is a name when there is such a file', async () => {
    await bench.put('stock[1].csv', 'id\n1\n')
    expect(await bench.rows(csv, 'stock[1].csv')).toEqual([{ id: '1' }])
  })

  test('a folder whose name has signs of a glob is a folder', async () => {
    await mkdir(join(bench.folder, 'data (old) [1]'))
    await bench.put('data (old) [1]/a.csv', 'id\n1\n')
    await bench.put('data (old) [1]/b.csv', 'id\n2\n')
    expect(await bench.rows(csv, 'data (old) [1]/*.csv')).toEqual([{ id: '1' }, { id: '2' }])
  })

  test('a link that leads nowhere, and a pipe that nobody writes to, are told as that', async () => {
    await symlink('gone.csv', join(bench.folder, 'link.csv'))
    await expect(bench.rows(csv, 'link.csv')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      detail: 'link.csv is a link, and what it leads to is not there',
    })
    if (process.platform === 'win32') return
    execFileSync('mkfifo', [join(bench.folder, 'pipe.csv')])
    await expect(bench.rows(csv, 'pipe.csv')).rejects.toMatchObject({
      code: 'FILE_NOT_READABLE',
      detail: 'pipe.csv is a pipe, not a file',
    })
  })

  test('a file that is not there: the nearest name is suggested; a glob without files is no empty listing', async () => {
    await bench.put('stock.csv', 'id\n1\n')
    await expect(bench.rows(csv, 'stok.csv')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      evidence: { nearest: 'stock.csv' },
    })
    await expect(bench.rows(csv, '*.tsv')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(bench.rows(csv, 'none/stock.csv')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })

  test('a folder cannot be read as a file', async () => {
    await mkdir(join(bench.folder, 'stock.csv'))
    await expect(bench.rows(csv, 'stock.csv')).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' })
  })
})

describe('resuming', () => {
  test('a file that was replaced since is noticed', async () => {
    await bench.put('a.csv', `id,a\n${lines(0, 100)}\n`)
    const source = await bench.source(csv, 'a.csv')
    const [page] = await pagesOf(source, 10)
    await bench.put('a.csv', `id,a\n${lines(100, 200)}\n`)
    await expect(pagesOf(source, 10, page?.position)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  })

  test('files before it that were not there are noticed', async () => {
    await bench.put('b.csv', `id,a\n${lines(0, 100)}\n`)
    const source = await bench.source(csv, '*.csv')
    const [page] = await pagesOf(source, 10)
    await bench.put('a.csv', 'id,a\n1,x\n')
    await expect(pagesOf(source, 10, page?.position)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  })

  test('a packed file goes on where it stopped', async () => {
    await bench.put('a.csv.gz', gzipSync(`id,a\n${lines(0, 100_000)}\n`))
    const source = await bench.source(csv, 'a.csv.gz')
    const pages = await pagesOf(source, 30_000)
    const rest = await pagesOf(source, 30_000, pages[1]?.position)
    expect(rest.flatMap((page) => page.rows)).toEqual(pages.slice(2).flatMap((page) => page.rows))
  })

  test('a file that grows while it is read is not complete', async () => {
    await bench.put('a.csv', `id,a\n${lines(0, 100)}\n`)
    const source = await bench.source(csv, 'a.csv')
    let end
    for await (const page of source.read({ pageSize: 10, signal: live })) {
      if (page.firstRow === 1) await bench.put('a.csv', `id,a\n${lines(0, 101)}\n`)
      end = page.end
    }
    expect(end).toMatchObject({ complete: false })
  })
})

describe('packed files', () => {
  test('gzip is known by its first bytes, not by its name; several members are one file', async () => {
    await bench.put('a.csv', Buffer.concat([gzipSync('id,a\n1,x\n'), gzipSync('2,y\n')]))
    expect(await bench.rows(csv, 'a.csv')).toHaveLength(2)
  })

  test('one that was cut short is damaged', async () => {
    await bench.put('a.csv.gz', gzipSync(`id,a\n${lines(0, 10_000)}\n`).subarray(0, -100))
    await expect(bench.rows(csv, 'a.csv.gz')).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
  })

  test('a bomb stops', async () => {
    await bench.put('a.ndjson.gz', gzipSync(Buffer.alloc(80 * 1024 * 1024)))
    const read = async () => {
      for await (const bytes of bench.ports.files.read('a.ndjson.gz')) if (bytes.length === 0) return
    }
    await expect(read()).rejects.toMatchObject({ code: 'FILE_UNPACKS_TOO_BIG' })
  })
})

test('a file that is written while it is read is no complete listing, and somebody hears of it', async () => {
  await bench.put('a.csv', `id,a\n${lines(0, 50_000)}\n`)
  const warn = jest.spyOn(bench.ports.log, 'warn')
  const source = await bench.source(csv, 'a.csv')
  let end: ListingEnd | undefined
  let first = true
  for await (const page of source.read({ pageSize: 1000, signal: live })) {
    if (first) await bench.put('a.csv', `id,a\n${lines(0, 50_001)}\n`)
    first = false
    end = page.end
  }
  expect(end).toMatchObject({ complete: false, evidence: 'a.csv changed while it was read' })
  expect(warn).toHaveBeenCalledWith(
    expect.stringMatching(/^a\.csv changed while it was read: .* Run again\.$/),
  )
})

describe('files behind a URL', () => {
  let server: Server | undefined
  afterEach(() => server?.close())
  const serve = (answer: RequestListener) =>
    new Promise<string>((resolve) => {
      const started = createServer(answer).listen(0, '127.0.0.1', () => {
        resolve(`http://127.0.0.1:${portOf(started)}`)
      })
      server = started
    })

  test('are read like others', async () => {
    const url = await serve((_, response) => response.end(gzipSync(`id,a\n${lines(0, 5000)}\n`)))
    const { rows, end } = await readAll(await bench.source(csv, `${url}/stock.csv`))
    expect(rows).toHaveLength(5000)
    expect(end?.complete).toBe(true)
  })

  test('are named without credentials and signature where a row stands and how the reading ended', async () => {
    const url = await serve((_, response) => response.end('id,a\n1\n'))
    const signed = `${url.replace('http://', 'http://me:secret@')}/stock.csv?sig=secret`
    const pages = await pagesOf(await bench.source(csv, signed), 10)
    expect(pages[0]?.place?.(0)).toBe(`${url}/stock.csv line 2`)
    expect(JSON.stringify(pages.map(({ rows, end }) => [rows, end]))).not.toContain('secret')
  })

  test.each([
    [404, 'FILE_NOT_FOUND'],
    [403, 'FILE_NOT_READABLE'],
    [503, 'UPSTREAM_ERROR'],
  ])('status %i is %s, without the query in the message', async (status, code) => {
    const url = await serve((_, response) => {
      response.statusCode = status
      response.end()
    })
    const fault: unknown = await bench
      .rows(csv, `${url}/stock.csv?token=secret`)
      .catch((error: unknown) => error)
    expect(fault).toMatchObject({ code })
    expect(JSON.stringify(fault)).not.toContain('secret')
  })
})

describe('what doctor and init ask', () => {
  const steps = async (stream: CheckedStream, settings = {}) => {
    const found: CheckStep[] = []
    for await (const step of (await bench.connection(csv, settings)).check(stream)) found.push(step)
    return found.map((step) => [step.name, step.result, step.fault?.code])
  }

  test('a source is there, can be read and has a record', async () => {
    await bench.put('a.csv', 'id,a\n1,x\n')
    expect(await steps({ name: 'a.csv', use: 'source' })).toEqual([
      ['file exists', 'passed', undefined],
      ['file can be read', 'passed', undefined],
      ['first record', 'passed', undefined],
    ])
    expect(await steps({ name: 'b.csv', use: 'source' })).toEqual([
      ['file exists', 'failed', 'FILE_NOT_FOUND'],
    ])
    await bench.put('c.csv', Buffer.from('id,a\n1,K\xf6ln\n', 'latin1'))
    const declared = { name: 'c.csv', use: 'source', settings: { encoding: 'windows-1252' } } as const
    expect((await steps(declared)).map(([, result]) => result)).toEqual(['passed', 'passed', 'passed'])
  })

  test('a target can be written, which leaves nothing behind', async () => {
    await bench.put('a.csv', 'id,a\n1,x\n')
    expect((await steps({ name: 'a.csv', use: 'target' })).map(([, result]) => result)).toEqual([
      'passed',
      'passed',
    ])
    expect(await steps({ name: 'a.csv', use: 'target' }, { folder: 'none' })).toMatchObject([
      ['file can be written', 'failed', 'FILE_NOT_WRITABLE'],
    ])
    expect(await bench.text('a.csv')).toBe('id,a\n1,x\n')
  })

  test.each([
    ['stock-*.csv', 'a pattern for several'],
    ['https://example.com/stock.csv?sig=secret', 'a URL can only be read'],
  ])('%s is no target', async (name, why) => {
    const connection = await bench.connection(csv, {})
    const found: CheckStep[] = []
    for await (const step of connection.check({ name, use: 'target' })) found.push(step)
    expect(found).toMatchObject([{ result: 'failed', fault: { code: 'FILE_NOT_WRITABLE' } }])
    expect(found[0]?.detail).toContain(why)
    const opening = async () => await bench.target(csv, name)
    await expect(opening()).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' })
    expect(JSON.stringify(found)).not.toContain('secret')
  })

  test('the streams of a folder with the schema of their first records', async () => {
    await mkdir(join(bench.folder, 'data'))
    await bench.put(
      'data/a.csv',
      'id,zip,qty,price,at,note\n1,01234,5,1.5,2026-10-25T02:30:00+01:00,\n2,1,-7,2.25,2026-10-25T02:30:00+02:00,x\n',
    )
    await bench.put('data/other.txt', '')
    expect(await (await bench.connection(csv, { folder: 'data' })).streams()).toEqual([
      {
        name: 'a.csv',
        schema: {
          type: 'object',
          properties: {
            id: { type: 'integer' },
            zip: { type: 'string' },
            qty: { type: 'integer' },
            price: { type: 'number' },
            at: { type: 'string', format: 'date-time' },
            note: { type: ['string', 'null'] },
          },
          required: ['id', 'zip', 'qty', 'price', 'at', 'note'],
        },
      },
    ])
  })
})

describe('putting a file in place', () => {
  test('a link stays a link, and the file keeps its rights', async () => {
    await bench.put('real.ndjson', '{"id":1}\n')
    await chmod(join(bench.folder, 'real.ndjson'), 0o640)
    await symlink('real.ndjson', join(bench.folder, 'link.ndjson'))
    await bench.write(ndjson, 'link.ndjson', [{ id: 2 }])
    expect((await lstat(join(bench.folder, 'link.ndjson'))).isSymbolicLink()).toBe(true)
    expect((await lstat(join(bench.folder, 'real.ndjson'))).mode & 0o777).toBe(0o640)
    expect(await bench.text('real.ndjson')).toBe('{"id":1}\n{"id":2}\n')
  })

  test('a name that ends in .gz is packed', async () => {
    await bench.write(ndjson, 'a.ndjson.gz', [{ id: 1 }])
    expect((await readFile(join(bench.folder, 'a.ndjson.gz'))).subarray(0, 2)).toEqual(
      Buffer.from([0x1f, 0x8b]),
    )
    expect(await bench.rows(ndjson, 'a.ndjson.gz')).toEqual([{ id: 1 }])
  })
})
