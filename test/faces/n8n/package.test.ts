import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as versions from '../../../bench/lib/n8n/versions.json'
import * as manifest from '../../../n8n/package.json'

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

  test('says the oldest n8n that it is tested in, and is described so', () => {
    const readme = readFileSync(join(N8N, 'README.md'), 'utf8')
    expect(manifest.engines).toEqual({ n8n: `>=${versions.oldest}` })
    expect(readme).toContain(`Needs n8n ${versions.oldest} or later`)
    expect(readme).toContain(`Tested with ${versions.oldest} and ${versions.n8n}.`)
  })

  test('needs nothing but what n8n brings', () => {
    expect(Object.keys(manifest)).not.toContain('dependencies')
    expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' })
  })
})
