import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as manifest from '../../../n8n/package.json'
import { buildPackage } from '../../../bench/lib/n8n/home'
import { n8nMissing, SCANNER_FOLDER } from '../../../bench/lib/n8n/place'

const N8N = resolve(__dirname, '../../../n8n')

describe('the package n8n-nodes-tieout', () => {
  test('lists every node and credential that there is', () => {
    const files = (folder: string): string[] =>
      readdirSync(join(N8N, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(node|credentials)\.ts$/.test(file))
        .map((file) => `dist/${folder}/${file.replace(/ts$/, 'js')}`)
        .sort()
    expect([...manifest.n8n.nodes].sort()).toEqual(files('nodes'))
    expect([...manifest.n8n.credentials].sort()).toEqual(files('credentials'))
  })

  test('needs nothing but what n8n brings', () => {
    expect(Object.keys(manifest)).not.toContain('dependencies')
    expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' })
  })

  const missing = n8nMissing()
  test(`passes n8n's package scan${missing === undefined ? '' : `: skipped because ${missing}`}`, () => {
    if (missing !== undefined) {
      expect(process.env['CI']).toBeUndefined()
      return
    }
    const folder = mkdtempSync(join(tmpdir(), 'tieout-scan-'))
    try {
      const tarball = buildPackage()
      execFileSync('tar', ['xzf', tarball, '-C', folder])
      const source = join(folder, 'source')
      // what is built would be read as source, too
      cpSync(N8N, source, { recursive: true, filter: (path) => !/\/dist(-pack)?$/.test(path) })
      const scan = [join(__dirname, 'scan.mjs'), SCANNER_FOLDER, join(folder, 'package'), source]
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
})
