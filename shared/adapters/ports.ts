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

/** The ports of a process on this machine; relative paths start at `folder`. */
export function nodePorts(folder: string, say: (line: string) => void): Ports {
  return {
    clock,
    http,
    files: new NodeFiles(folder, http),
    validator: createAjvValidator(),
    spill: new NodeSpill(folder),
    signer,
    sealer: fileSealer(join(folder, '.tieout', 'seal.key')),
    log: lineLog(say),
  }
}
