// Records what a version of the API promises: ts-node scripts/record-version.ts 2027-05-01
// Run it once, when the version is published, after adding it to shared/contract/versions.ts; the files are never
// changed afterwards. test/contract/versions.test.ts holds every later contract against them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operations } from '../shared/contract/operations'
import { promiseOf } from '../shared/contract/promise'

const [version = ''] = process.argv.slice(2)
if (!/^\d{4}-\d{2}-\d{2}$/.test(version)) throw new Error('Say which version, as YYYY-MM-DD.')
const folder = join(__dirname, '../test/contract/versions', version)
mkdirSync(folder, { recursive: true })
for (const [id, operation] of Object.entries(operations))
  writeFileSync(join(folder, `${id}.json`), `${JSON.stringify(promiseOf(operation), undefined, 2)}\n`, {
    flag: 'wx',
  })
