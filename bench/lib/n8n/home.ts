import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { N8N_FOLDER } from './place'

export const OWNER = { email: 'owner@example.com', password: 'Passw0rd!x' }

/** Where one n8n keeps its data. */
export interface Home {
  path: string
  /** Where n8n itself is installed. */
  n8n: string
  tarball: string
  env: NodeJS.ProcessEnv
  remove(): void
}

/**
 * A new n8n without workflows, in which the package is installed from its tarball as n8n installs community nodes.
 * @param tarball as `buildPackage` gives it
 */
export function makeHome(tarball: string, n8n = N8N_FOLDER): Home {
  const path = mkdtempSync(join(tmpdir(), 'tieout-n8n-'))
  const env = environment(path)
  cpSync(migrated(n8n), path, { recursive: true })
  const nodes = join(path, '.n8n/nodes')
  mkdirSync(nodes, { recursive: true })
  writeFileSync(
    join(nodes, 'package.json'),
    '{ "name": "installed-nodes", "private": true, "dependencies": {} }',
  )
  // without --legacy-peer-deps npm would put a second n8n-workflow beside the package
  const flags = [
    '--legacy-peer-deps',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    '--offline',
  ]
  execFileSync('npm', ['install', tarball, ...flags, '--silent'], {
    cwd: nodes,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return {
    path,
    n8n,
    tarball,
    env,
    remove: () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export function commandOf(n8n: string): string {
  return join(n8n, 'node_modules/n8n/bin/n8n')
}

/** Builds and packs n8n-nodes-tieout, from the top of the checkout. @returns the path of the tarball */
export function buildPackage(): string {
  const script = resolve('scripts/build-n8n.mjs')
  const lines = execFileSync(process.execPath, [script, '--pack'], { encoding: 'utf8' }).trim().split('\n')
  return lines.at(-1) ?? ''
}

/** The first command on an empty folder makes the database, which takes ten seconds: done once and copied. */
function migrated(n8n: string): string {
  const kept = join(n8n, 'home')
  if (existsSync(kept)) return kept
  const fresh = mkdtempSync(join(tmpdir(), 'tieout-n8n-'))
  const done = spawnSync(process.execPath, [commandOf(n8n), 'list:workflow'], {
    env: environment(fresh),
    encoding: 'utf8',
  })
  if (done.status !== 0) throw new Error(`n8n does not start: ${done.stdout}${done.stderr}`)
  cpSync(fresh, `${kept}.new`, { recursive: true })
  renameSync(`${kept}.new`, kept)
  rmSync(fresh, { recursive: true, force: true })
  return kept
}

/** Quiet and offline, with an owner so that no set-up wizard asks. */
function environment(path: string): NodeJS.ProcessEnv {
  return {
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: path,
    TZ: 'UTC',
    GENERIC_TIMEZONE: 'UTC',
    N8N_USER_FOLDER: path,
    N8N_ENCRYPTION_KEY: 'only-for-tests-only-for-tests-01',
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_HOST: '127.0.0.1',
    N8N_SECURE_COOKIE: 'false',
    N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_DIAGNOSTICS_CONFIG_FRONTEND: '',
    N8N_DIAGNOSTICS_CONFIG_BACKEND: '',
    EXTERNAL_FRONTEND_HOOKS_URLS: '',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
    N8N_DYNAMIC_BANNERS_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    N8N_PERSONALIZATION_ENABLED: 'false',
    N8N_HIRING_BANNER_ENABLED: 'false',
    N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
    N8N_PUBLIC_API_SWAGGERUI_DISABLED: 'true',
    N8N_COMMUNITY_PACKAGES_ENABLED: 'true',
    N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
    N8N_VERIFIED_PACKAGES_ENABLED: 'false',
    N8N_COMMUNITY_PACKAGES_PREVENT_LOADING: 'false',
  }
}
