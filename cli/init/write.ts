import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasCode } from '../../shared/adapters/definition/system-error'
import { Fault } from '../../shared/core/fault'
import { prepareState } from '../../shared/adapters/state-folder'

/** Writes a file that is not there yet. @throws Fault FILE_EXISTS */
export async function writeNew(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    throw new Fault(
      'FILE_EXISTS',
      `${path} is there already; nothing was written over.`,
      { path },
      undefined,
      { cause: error },
    )
  }
}

/** Adds lines to the secrets file, readable by its owner only, in the folder of saved state. */
export async function addSecrets(state: string, secrets: Readonly<Record<string, string>>): Promise<void> {
  await prepareState(state)
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${quotedSecret(value)}\n`)
  if (lines.length > 0) await appendFile(join(state, 'secrets.env'), lines.join(''), { mode: 0o600 })
}

/** As the secrets file is read: nothing is escaped there, and only between double quotes `\n` is a line break. */
function quotedSecret(value: string): string {
  const quote = /["\\]/.test(value) ? (["'", '`'].find((one) => !value.includes(one)) ?? '"') : '"'
  return quote + value + quote
}
