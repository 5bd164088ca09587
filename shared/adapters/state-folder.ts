import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFault } from './files/fault'

/** Of one that somebody made for its secrets file; a group may have been let in on purpose. */
async function closeToOthers(folder: string): Promise<void> {
  const { mode } = await stat(folder)
  if ((mode & OTHERS) === 0 || process.platform === 'win32') return
  // who does not own it cannot close it
  await chmod(folder, mode & ~OTHERS & 0o7777).catch(() => undefined)
}

const OTHERS = 0o007

/**
 * The folder of saved state, secrets and files of runs: for its owner alone, and never under version control.
 * @throws Fault FILE_NOT_WRITABLE, DISK_FULL
 */
export async function prepareState(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await closeToOthers(folder)
    await writeFile(join(folder, '.gitignore'), '*\n')
  } catch (error) {
    throw writeFault(error, folder)
  }
}
