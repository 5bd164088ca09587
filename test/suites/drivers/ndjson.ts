import { fileDriver } from './file'

export const driver = fileDriver('.ndjson', (records) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join(''),
)
