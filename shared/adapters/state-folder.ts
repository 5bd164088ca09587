import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The folder of saved state, secrets and files of runs; its content never belongs under version control. */
export async function prepareState(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, '.gitignore'), '*\n')
}
