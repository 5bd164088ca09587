// Puts what tests and benches of the n8n package run in where they look for it: two real n8n (the present one and the oldest
// that the package says it runs in), n8n's scanner and its linter of community packages. Exact versions, each in its own
// folder of ~/.cache/tieout/n8n (TIEOUT_N8N names another), kept until somebody removes it. What is there is used as it is.
// One n8n takes about 4 minutes, 2 to 3 GB of disk and, while npm works, 4 GB of memory; the tools take 1 minute.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import versions from '../bench/lib/n8n/versions.json' with { type: 'json' }

const cache = process.env.TIEOUT_N8N ?? join(homedir(), '.cache/tieout/n8n')
const node = dirname(dirname(process.execPath))

install(versions.n8n, `n8n@${versions.n8n}`, { natives: ['sqlite3', 'isolated-vm'] })
install(versions.oldest, `n8n@${versions.oldest}`, {
  natives: ['sqlite3', 'isolated-vm'],
  // named by an address outside the registry; later ones take the same code from here
  overrides: { xlsx: 'npm:@e965/xlsx@0.20.3' },
})
install(`scan-${versions.scanner}`, `@n8n/scan-community-package@${versions.scanner}`)
install(`cli-${versions.cli}`, `@n8n/node-cli@${versions.cli}`)

/**
 * Install scripts are off: the one of n8n's Kafka client needs libcurl's headers, and npm takes everything back when it
 * fails. What n8n itself needs is built afterwards, by the headers of the Node that will run it.
 */
function install(name, what, { natives = [], overrides = {} } = {}) {
  const folder = join(cache, name)
  if (existsSync(join(folder, 'installed'))) return
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'tieout-n8n', private: true, overrides }),
  )
  npm(folder, 'install', '--no-audit', '--no-fund', '--save-exact', '--ignore-scripts', what)
  if (natives.length > 0) npm(folder, 'rebuild', '--ignore-scripts=false', '--foreground-scripts', ...natives)
  writeFileSync(join(folder, 'installed'), what)
}

function npm(folder, ...args) {
  // JOBS: as many compilers as there are cores
  const env = { ...process.env, npm_config_nodedir: node, JOBS: 'max' }
  execFileSync('npm', args, { cwd: folder, env, stdio: 'inherit' })
}
