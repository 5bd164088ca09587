import { fileDriver } from './file'

export const driver = fileDriver('.json', (records) => JSON.stringify(records))
