import { parsePath, reader, toPointer } from '../path'
import type { Origin } from '../step'

/** The value of a source path. */
export function fromPath(path: string): { origin: Origin; pointer: string; uses: string } {
  const segments = parsePath(path)
  return { origin: reader(segments), pointer: toPointer(segments), uses: segments[0] ?? '' }
}
