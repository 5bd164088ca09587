import { constants, crc32, deflateRawSync } from 'node:zlib'
import type { Packer } from '../../shared/core/format/zip'

/** Each piece is packed by itself and ends on a byte: joined they are one stream. */
export const deflate: Packer = {
  crc32,
  pack: (bytes) => deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }),
  end: deflateRawSync(new Uint8Array()),
}
