import { access } from './access'
import { decisions } from './decisions'
import { events } from './events'
import { exceptions } from './exceptions'
import type { Operation } from './operation'
import { reconciliations } from './reconciliations'
import { records } from './records'
import { requests } from './requests'
import { runs } from './runs'
import { service } from './service'
import { workflows } from './workflows'

/** The table of operations: the only place where an operation of the gateway is described. */
export const operations: Readonly<Record<OperationId, Operation>> = {
  ...service,
  ...access,
  ...requests,
  ...workflows,
  ...records,
  ...runs,
  ...exceptions,
  ...decisions,
  ...reconciliations,
  ...events,
}

export type OperationId =
  | keyof typeof service
  | keyof typeof access
  | keyof typeof requests
  | keyof typeof workflows
  | keyof typeof records
  | keyof typeof runs
  | keyof typeof exceptions
  | keyof typeof decisions
  | keyof typeof reconciliations
  | keyof typeof events

export type { Operation }
