import { Fault } from '../../shared/core/fault'
import type { Files } from '../../shared/core/ports'

/** A community node has no file system; certificates come from credentials. */
export const files: Files = {
  list: refuse,
  read: refuse,
  write: refuse,
  text: refuse,
  bytes: refuse,
  remove: refuse,
  locate: refuse,
}

function refuse(path: string): never {
  throw new Fault('FILE_NOT_READABLE', `${path}: nodes of n8n read no files`, { path })
}
