import { reconciled } from '../../support/reconcile'

describe('Reconciling two sides in memory', () => {
  const source = [
    { id: 1, place: 'north', quantity: 10 },
    { id: 2, place: 'north', quantity: 5 },
    { id: 3, place: 'south', quantity: 1 },
  ]
  const target = [
    { id: 3, place: 'south', quantity: 2 },
    { id: 1, place: 'north', quantity: 10 },
    { id: 4, place: 'east', quantity: 7 },
  ]
  const settings = {
    dimensions: [{ name: 'place', field: 'place', by: 'value' as const }],
    measures: [{ name: 'quantity', fields: ['quantity'] }],
  }

  it('finds what is missing on each side and what differs, and adds up both sides', async () => {
    const { result, breaks } = await reconciled(source, target, settings)
    expect(result.fault).toBeUndefined()
    expect(result.status).toBe('breaks')
    expect(breaks.map(({ kind, key, effect }) => [kind, key, effect])).toEqual([
      ['missing-in-target', '[2]', ['5']],
      ['differs', '[3]', ['-1']],
      ['missing-in-source', '[4]', ['-7']],
    ])
    expect(breaks[1]?.fields).toEqual([{ field: 'quantity', source: 1, target: 2, difference: '-1' }])
    expect(result.compared).toEqual({ pairs: 2, agreed: 1, tolerated: 0 })
    expect(result.measures).toMatchObject([
      { measure: 'quantity', difference: '-3', ofBreaks: '-3', tolerated: '0', tiesOut: false },
    ])
    expect(result.totals.map(({ dimensions, differences }) => [dimensions, differences])).toEqual([
      [['east'], ['-7']],
      [['north'], ['5']],
      [['south'], ['-1']],
    ])
  })

  it('ties out with itself', async () => {
    const { result, breaks } = await reconciled(source, [...source].reverse(), settings)
    expect(breaks).toEqual([])
    expect(result).toMatchObject({ status: 'ties-out', compared: { pairs: 3, agreed: 3 } })
  })
})
