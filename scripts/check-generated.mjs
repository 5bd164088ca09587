// Run after `generate`: what is generated must equal what is committed.
import { execFileSync } from 'node:child_process'

const GENERATED = ['shared/generated', 'docs/reference', 'openapi/openapi.json', 'openapi/openapi-3.0.json']

const changes = execFileSync('git', ['status', '--porcelain', ...GENERATED], {
  encoding: 'utf8',
})
if (changes !== '') {
  console.error(`${changes}generated files are stale; run: npm run generate`)
  process.exitCode = 1
}
