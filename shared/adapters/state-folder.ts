import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFault } from './files/fault'

/**
 * The folder of saved state, secrets and files of runs: for its owner alone, and never under version control.
 * @throws Fault FILE_NOT_WRITABLE, DISK_FULL
 */
export async function prepareState(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(join(folder, '.gitignore'), '*\n')
  } catch (error) {
    throw writeFault(error, folder)
  }
}
