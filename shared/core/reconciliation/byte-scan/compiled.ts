import { BYTE_SCAN, type ByteScanExports } from '../../../generated/byte-scan'

/** What is used of it; the library of types that has it is that of browsers. */
declare const WebAssembly:
  | {
      Module: new (bytes: Uint8Array) => object
      Instance: new (module: object) => { readonly exports: ByteScanExports }
    }
  | undefined

let compiled: object | undefined

/** Whether there is anything that runs it: not on a platform without a compiler, as of `node --jitless`. */
export function canScanBytes(): boolean {
  return typeof WebAssembly !== 'undefined'
}

/** Whether an instance, or more room in one, was refused: its code traps for nothing else. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof RangeError) return /memory|allocation/i.test(error.message)
  return error instanceof Error && error.name === 'RuntimeError' && error.message.includes('unreachable')
}

/** The code in `assembly`, with a memory of its own. It is compiled when it is first asked for. */
export function newInstance(): ByteScanExports {
  if (typeof WebAssembly === 'undefined') throw new Error('nothing here runs WebAssembly')
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(BYTE_SCAN), (sign) => sign.charCodeAt(0)))
  return new WebAssembly.Instance(compiled).exports
}
