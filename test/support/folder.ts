import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A new folder with these files, by path; `remove` takes it away. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): {
  path: string
  remove: () => void
} {
  const path = mkdtempSync(join(tmpdir(), 'tieout-test-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true })
    },
  }
}
