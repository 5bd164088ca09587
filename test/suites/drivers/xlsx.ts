import { Workbook } from 'exceljs'
import { fileDriver } from './file'

export const driver = fileDriver('.xlsx', async (records) => {
  const workbook = new Workbook()
  const sheet = workbook.addWorksheet('records')
  sheet.addRow(['id', 'name', 'qty'])
  for (const record of records) sheet.addRow([record['id'], record['name'], record['qty']])
  return new Uint8Array(await workbook.xlsx.writeBuffer())
})
