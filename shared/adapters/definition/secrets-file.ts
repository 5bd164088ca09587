import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { Fault } from '../../core/fault'
import { readFault } from '../files/fault'
import { isMissing } from './system-error'

/** Lines of NAME=value, in the folder of the definition. */
export const SECRETS_FILE = join('.tieout', 'secrets.env')

/**
 * Values by name from the secrets file; none when the usual one is not there.
 *
 * @throws Fault SECRETS_FILE_NOT_FOUND when a file was asked for that is not there; FILE_NOT_READABLE
 */
export async function readSecrets(
  folder: string,
  asked: string | undefined,
): Promise<Readonly<Record<string, string | undefined>>> {
  const path = asked === undefined ? join(folder, SECRETS_FILE) : resolve(asked)
  try {
    // Notepad begins a file with a byte order mark
    return parseEnv((await readFile(path, 'utf8')).replace(/^\ufeff/, ''))
  } catch (error) {
    if (!isMissing(error)) throw await readFault(error, path, path)
    if (asked === undefined) return {}
    throw new Fault('SECRETS_FILE_NOT_FOUND', `There is no secrets file ${path}.`, { path }, undefined, {
      cause: error,
    })
  }
}
