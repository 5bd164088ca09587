import { Builder } from 'xml2js'
import { fileDriver } from './file'

export const driver = fileDriver('.xml', (records) =>
  new Builder({ rootName: 'records' }).buildObject({ record: records }),
)
