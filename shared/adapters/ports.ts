import { join } from 'node:path'
import { clock } from './clock'
import { NodeFiles } from './files'
import { http } from './http'
import { lineLog } from './log'
import { fileSealer } from './sealer'
import { signer } from './signer'
import { NodeSpill } from './spill'
import { createAjvValidator } from './validator'
import type { Ports } from '../core/ports'

/**
 * The ports of a process on this machine; relative paths start at `folder`.
 * @param hints whether a message may name other files than the one that is meant
 */
export function nodePorts(folder: string, say: (line: string) => void, hints = true): Ports {
  return {
    clock,
    http,
    files: new NodeFiles(folder, http, hints),
    validator: createAjvValidator(),
    spill: new NodeSpill(folder),
    signer,
    sealer: fileSealer(join(folder, '.tieout', 'seal.key')),
    log: lineLog(say),
  }
}
