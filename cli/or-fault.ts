import { writeFault } from '../shared/adapters/files/fault'

/** Writes a file for people. @throws Fault that names the file and what is in the way */
export async function orFault<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw writeFault(error, path)
  }
}
