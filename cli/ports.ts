import { clock } from '../shared/adapters/clock'
import { NodeFiles } from '../shared/adapters/files'
import { http } from '../shared/adapters/http'
import { lineLog } from '../shared/adapters/log'
import { signer } from '../shared/adapters/signer'
import { NodeSpill } from '../shared/adapters/spill'
import { createAjvValidator } from '../shared/adapters/validator'
import type { Ports } from '../shared/core/ports'

/** The ports of a process on this machine; relative paths start at `folder`. */
export function nodePorts(folder: string, say: (line: string) => void): Ports {
  return {
    clock,
    http,
    files: new NodeFiles(folder, http),
    validator: createAjvValidator(),
    spill: new NodeSpill(folder),
    signer,
    log: lineLog(say),
  }
}
