import type { records } from '../../shared/contract/operations/records'
import type { Handlers } from '../call'
import type { Limits } from '../limits/limits'
import { downloadHandler, exportHandler } from './download'
import { putHandler } from './put-record'
import { uploadHandler } from './upload'

export function recordHandlers(limits: Limits): Handlers<keyof typeof records> {
  return {
    downloadRecords: downloadHandler(limits),
    getExport: exportHandler,
    uploadRecords: uploadHandler(limits),
    putRecord: putHandler(limits),
  }
}
