/** As a BLOB. */
export function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** What `bytesOf` made a BLOB of. */
export function lanesOf(blob: unknown): Int32Array {
  return blob instanceof Uint8Array ? new Int32Array(blob.slice().buffer) : new Int32Array()
}
