import fc from 'fast-check'
import { TextLog } from '../../../shared/core/bulk-sync/text-log'

test('what was added is one text, whatever its characters', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20_000 })), (texts) => {
      const log = new TextLog()
      for (const text of texts) log.add(text)
      expect(log.text).toBe(texts.join(''))
    }),
  )
})
