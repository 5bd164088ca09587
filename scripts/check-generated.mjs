// Run after `generate`: what is generated must equal what is committed.
import { execFileSync } from 'node:child_process'

const changes = execFileSync('git', ['status', '--porcelain', 'shared/generated', 'docs/reference'], {
  encoding: 'utf8',
})
if (changes !== '') {
  console.error(`${changes}generated files are stale; run: npm run generate`)
  process.exitCode = 1
}
