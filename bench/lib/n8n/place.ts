import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import * as versions from './versions.json'

const CACHE = process.env['TIEOUT_N8N'] ?? join(homedir(), '.cache/tieout/n8n')

/** As `npm run install:n8n` puts them there. */
export const N8N_FOLDER = join(CACHE, versions.n8n)
/** The oldest that the package says it runs in. */
export const OLDEST_N8N_FOLDER = join(CACHE, versions.oldest)
export const SCANNER_FOLDER = join(CACHE, `scan-${versions.scanner}`)

/** Why there is no n8n here; undefined where there is one. */
export function n8nMissing(): string | undefined {
  const there = [N8N_FOLDER, OLDEST_N8N_FOLDER, SCANNER_FOLDER].every((folder) =>
    existsSync(join(folder, 'installed')),
  )
  return there ? undefined : 'n8n is not installed (npm run install:n8n)'
}
