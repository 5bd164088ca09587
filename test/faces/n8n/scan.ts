import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { SCANNER_FOLDER } from '../../../bench/lib/n8n/place'
import type { N8n } from './server'

const N8N = resolve(__dirname, '../../../n8n')

export function scanSuite(n8n: N8n): void {
  test('nothing is found in the tarball and in the source', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tieout-scan-'))
    try {
      execFileSync('tar', ['xzf', n8n().home.tarball, '-C', folder])
      const source = join(folder, 'source')
      // what is built would be read as source, too
      cpSync(N8N, source, { recursive: true, filter: (path) => !/\/dist(-pack)?$/.test(path) })
      const scan = [join(__dirname, 'run-scan.mjs'), SCANNER_FOLDER, join(folder, 'package'), source]
      // jest's NODE_ENV would make the rules think that they are under test themselves
      const env = { ...process.env, NODE_ENV: 'production' }
      const findings: unknown = JSON.parse(execFileSync(process.execPath, scan, { encoding: 'utf8', env }))
      expect(findings).toEqual([{ passed: true }, { passed: true }])
      expect(readFileSync(join(folder, 'package/dist/steps/index.js'), 'utf8')).not.toContain(
        'eslint-disable',
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 60_000)
}
