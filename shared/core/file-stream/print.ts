import { firstBytes } from '../format/text'
import type { FileInfo, Ports } from '../ports'
import { isObject, type Value } from '../record/value'
import { shownAddress } from '../shown-address'

/** How a file is recognised again: cheap, and enough to notice that it was replaced. */
export interface FilePrint {
  size: number
  modified: number
  /** SHA-256 of its first 64 KiB (unpacked). */
  head: string
}

const HEAD = 64 * 1024

export async function printOfFile(
  { files, signer }: Pick<Ports, 'files' | 'signer'>,
  info: FileInfo,
): Promise<FilePrint> {
  const head = await firstBytes(
    { name: shownAddress(info.path), open: (start) => files.read(info.path, start) },
    HEAD,
  )
  return { size: info.size, modified: info.modified, head: signer.digest('sha256', head, 'hex') }
}

export function samePrint(one: FilePrint, two: FilePrint): boolean {
  return one.size === two.size && one.modified === two.modified && one.head === two.head
}

export function parsePrint(value: Value | undefined): FilePrint | undefined {
  if (!isObject(value)) return undefined
  const { size, modified, head } = value
  if (typeof size !== 'number' || typeof modified !== 'number' || typeof head !== 'string') return undefined
  return { size, modified, head }
}
