// Puts a real n8n, and n8n's scanner of community packages, where tests and benches look for them: exact versions, each
// in its own folder of ~/.cache/tieout/n8n (TIEOUT_N8N names another), kept until somebody removes it. What is there is
// used as it is. n8n takes about 5 minutes, 3 GB of disk and, while npm works, 4 GB of memory.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

export const N8N = '2.41.1'
export const SCANNER = '0.32.0'

const cache = process.env.TIEOUT_N8N ?? join(homedir(), '.cache/tieout/n8n')
const node = dirname(dirname(process.execPath))

install(N8N, `n8n@${N8N}`, ['sqlite3', 'isolated-vm'])
install(`scan-${SCANNER}`, `@n8n/scan-community-package@${SCANNER}`, [])

/**
 * Install scripts are off: the one of n8n's Kafka client needs libcurl's headers, and npm takes everything back when it
 * fails. What n8n itself needs is built afterwards, by the headers of the Node that will run it.
 */
function install(name, what, natives) {
  const folder = join(cache, name)
  if (existsSync(join(folder, 'installed'))) return
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "name": "tieout-n8n", "private": true }')
  npm(folder, 'install', '--no-audit', '--no-fund', '--save-exact', '--ignore-scripts', what)
  if (natives.length > 0) npm(folder, 'rebuild', '--ignore-scripts=false', '--foreground-scripts', ...natives)
  writeFileSync(join(folder, 'installed'), what)
}

function npm(folder, ...args) {
  const env = { ...process.env, npm_config_nodedir: node }
  execFileSync('npm', args, { cwd: folder, env, stdio: 'inherit' })
}
