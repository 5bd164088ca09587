// Runs `n8n-node lint`, n8n's linter of community packages, over the package as its authors would: with n8n's own rules,
// unchanged. The linter stands in the cache (npm run install:n8n), so a copy of the sources is put beside it. A warning is
// a finding, too.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import versions from '../bench/lib/n8n/versions.json' with { type: 'json' }

const top = resolve(import.meta.dirname, '..')
const cache = process.env.TIEOUT_N8N ?? join(homedir(), '.cache/tieout/n8n')
const modules = join(cache, `cli-${versions.cli}`, 'node_modules')
const cli = join(modules, '@n8n/node-cli')
const copy = mkdtempSync(join(tmpdir(), 'tieout-lint-'))
try {
  const filter = (path) => !/\/(dist|dist-pack|node_modules)$/.test(path)
  for (const part of ['n8n', 'shared', 'connectors', 'tsconfig.json'])
    cpSync(join(top, part), join(copy, part), { recursive: true, filter })
  const folder = join(copy, 'n8n')
  symlinkSync(modules, join(folder, 'node_modules'))
  const rules = 'dist/template/templates/shared/default/eslint.config.mjs'
  cpSync(join(cli, rules), join(folder, 'eslint.config.mjs'))
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(cli, 'bin/n8n-node.mjs'), 'lint'], {
    cwd: folder,
    encoding: 'utf8',
  })
  process.stdout.write(stdout.replaceAll(copy, top))
  process.stderr.write(stderr)
  process.exitCode = status !== 0 || stdout.includes('✖') ? 1 : 0
} finally {
  rmSync(copy, { recursive: true, force: true })
}
