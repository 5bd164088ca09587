import { stringify } from 'csv-stringify/sync'
import { fileDriver } from './file'

export const driver = fileDriver('.csv', (records) => stringify([...records], { header: true }))
