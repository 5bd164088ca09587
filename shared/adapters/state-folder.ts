import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The folder of saved state, secrets and files of runs: for its owner alone, and never under version control. */
export async function prepareState(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, '.gitignore'), '*\n')
}
