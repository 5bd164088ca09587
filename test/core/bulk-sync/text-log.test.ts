import fc from 'fast-check'
import { keyText } from '../../../shared/core/record/key'
import { TextLog } from '../../../shared/core/bulk-sync/text-log'

test('lines that were added are one text, whatever their characters', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20_000 })), (texts) => {
      const log = new TextLog()
      for (const text of texts) log.line(text)
      expect(log.text).toBe(texts.map((text) => text + '\n').join(''))
    }),
  )
})

test('a key that is added is its text', () => {
  const part = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string(), fc.integer())
  fc.assert(
    fc.property(fc.array(fc.record({ a: part, b: part })), fc.subarray(['a', 'b']), (records, key) => {
      const log = new TextLog()
      const texts = records.flatMap((record) => {
        const text = keyText(record, key)
        return text !== undefined && log.plainKey(record, key) ? [text] : []
      })
      expect(log.text).toBe(texts.map((text) => text + '\n').join(''))
    }),
  )
})
