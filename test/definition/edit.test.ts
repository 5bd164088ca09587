import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeMappingRules } from '../../shared/adapters/definition/edit'
import { folderWith } from '../support/folder'

const text = `# what the shop sells
tieout: 1
connections:
  shop: { connector: http, baseUrl: \${SHOP_URL}, proxy: "none" } # test stage
workflows:
  stock:
    # nightly
    key: [sku,  'site']
    map:
      quantity: qty # pieces
      'place': site
  other:
    map: { a: b }
`
const rule = { from: 'qty', values: { few: 3 }, otherwise: 'keep' } as const

async function edited(
  check: (path: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  const { path, remove } = folderWith({ 'tieout.yaml': text })
  try {
    await writeMappingRules(join(path, 'tieout.yaml'), 'stock', [{ target: 'quantity', rule }], check).catch(
      () => undefined,
    )
    expect(readdirSync(path)).toEqual(['tieout.yaml'])
    return readFileSync(join(path, 'tieout.yaml'), 'utf8').split('\n')
  } finally {
    remove()
  }
}

test('a rule is written into the mapping; nothing else of the file changes', async () => {
  const before = text.split('\n')
  const after = await edited()
  expect(after.filter((line) => !before.includes(line))).toEqual([
    '      quantity: { from: qty, values: { few: 3 }, otherwise: keep } # pieces',
  ])
  expect(before.filter((line) => !after.includes(line))).toEqual(['      quantity: qty # pieces'])
})

test('a file that would no longer be a definition stays as it is', async () => {
  expect(await edited(() => Promise.reject(new Error('not valid')))).toEqual(text.split('\n'))
})
