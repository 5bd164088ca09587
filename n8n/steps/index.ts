// What the nodes do; bundled with the core into one file, because the package may have no dependencies.
export { outputsFor } from '../host/agent'
export { reconcileSides } from './reconcile/reconcile'
export { bulkSync } from './bulk-sync/bulk-sync'
export { mappingFields } from './bulk-sync/mapping-fields'
export { exceptions } from './exceptions/exceptions'
export { exceptionTrigger } from './feed/exception-trigger'
export { runTrigger } from './feed/run-trigger'
export { searchWorkflows } from './gateway/search'
