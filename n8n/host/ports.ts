import type { Http, Ports } from '../../shared/core/ports'
import { createInterpretingValidator } from '../../shared/core/validation/interpreting'
import { clock } from './clock'
import { files } from './files'
import type { Host } from './http'
import { signer } from './signer'
import { spill } from './spill'

/** The core's ports inside one execution of a node. */
export function portsOf({ logger }: Pick<Host, 'logger'>, http: Http): Ports {
  return {
    clock,
    http,
    files,
    validator: createInterpretingValidator(),
    spill,
    signer,
    log: {
      info: (message, facts = {}) => {
        logger.info(message, facts)
      },
      warn: (message, facts = {}) => {
        logger.warn(message, facts)
      },
    },
  }
}
