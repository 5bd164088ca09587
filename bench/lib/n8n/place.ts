import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const CACHE = process.env['TIEOUT_N8N'] ?? join(homedir(), '.cache/tieout/n8n')

/** As `npm run install:n8n` puts them there. */
export const N8N_FOLDER = join(CACHE, '2.41.1')
export const SCANNER_FOLDER = join(CACHE, 'scan-0.32.0')

/** Why there is no n8n here; undefined where there is one. */
export function n8nMissing(): string | undefined {
  const there = [N8N_FOLDER, SCANNER_FOLDER].every((folder) => existsSync(join(folder, 'installed')))
  return there ? undefined : 'n8n is not installed (npm run install:n8n)'
}
