import { FileBench } from '../../connectors/files/bench'
import { inMemory, asCsv, ABSENT } from './sides'
import { asPlanted, byRecord, content, find, line, type Found } from './find'
import { inventory } from './inventory'
import { invoices } from './invoices'
import { patients } from './patients'
import { Random } from './random'
import { inColumns, type Truth } from './books'

function findInMemory(truth: Truth, source = truth.source, target = truth.target): Promise<Found> {
  return find(truth, inMemory(source, 'shop'), inMemory(target, 'books'))
}

describe.each([
  ['inventory', inventory],
  ['invoices', invoices],
  ['patients', patients],
])('In %s', (_, make) => {
  const truth = make(20_260, 330)
  const planted = truth.planted.map(line).sort()
  let files: FileBench

  beforeAll(async () => {
    files = await FileBench.open()
  })

  afterAll(() => files.close())

  it('everything that was planted is found with its fields and its cause, and nothing else', async () => {
    const found = await findInMemory(truth)
    expect(asPlanted(found).sort()).toEqual(planted)
    expect(found.result.compared.agreed).toBe(truth.agreed)
    expect(found.result.breaks.open).toBe(truth.planted.length)
  })

  it('and so it is in CSV files with a mark for what is absent', async () => {
    const [source, target] = [
      await asCsv(files, truth.source, truth, 'shop', ABSENT),
      await asCsv(files, truth.target, truth, 'books', ABSENT),
    ]
    const found = await find(truth, source, target)
    expect(asPlanted(found).sort()).toEqual(planted)
    expect(content(found)).toEqual(content(await findInMemory(truth)))
  })

  it('and by the bytes of CSV files as record by record', async () => {
    const rows = inColumns(truth)
    const [source, target] = [
      await asCsv(files, rows.source, rows, 'shop'),
      await asCsv(files, rows.target, rows, 'books'),
    ]
    const found = await find(rows, source, target)
    expect(found.result.method).toBe('bytes')
    expect(asPlanted(found).sort()).toEqual(rows.planted.map(line).sort())
    expect(content(found)).toEqual(content(await find(rows, source, target, byRecord)))
    const shuffled = await find(
      rows,
      await asCsv(files, new Random(3).shuffled(rows.source), rows, 'shop'),
      await asCsv(files, new Random(4).shuffled(rows.target), rows, 'books'),
    )
    expect(content(shuffled)).toEqual(content(found))
  })

  it('the order of the records changes nothing', async () => {
    const first = await findInMemory(truth)
    const random = new Random(7)
    for (let i = 0; i < 4; i++) {
      const again = await findInMemory(truth, random.shuffled(truth.source), random.shuffled(truth.target))
      expect(again.result).toEqual(first.result)
      expect(content(again)).toEqual(content(first))
    }
  })

  it('breaks and tolerances add up to the difference of the totals', async () => {
    const { result } = await findInMemory(truth)
    expect(result.measures.length).toBeGreaterThan(0)
    for (const { difference, ofBreaks, tolerated } of result.measures) {
      expect(ofBreaks).toBe(difference)
      expect(tolerated).toBe('0')
    }
  })
})
