import { nodeTooOld } from '../../cli/node-version'
import { explanationText } from '../../cli/print/explanation'
import { duration } from '../../cli/print/number'
import { planText } from '../../cli/print/plan'
import { progressLine, progressText } from '../../cli/print/progress'
import { style } from '../../cli/print/style'
import { asFault } from '../../cli/unexpected'

const progress = { run: 'r', read: 12_000, written: 11_500, rejected: 0, elapsedMs: 3000 }

test('progress tells the rate, and the time left where the total is known', () => {
  expect(progressText(progress)).toBe('12,000 read, 11,500 written, 4,000/s')
  expect(progressText({ ...progress, total: 50_000, rejected: 3 })).toBe(
    '12,000 of 50,000 read, 11,500 written, 3 rejected, 4,000/s, 10 s left',
  )
})

test('progress is one line that is written over, and nothing where nobody looks', () => {
  const written = (terminal: boolean): string => {
    let text = ''
    let now = 1000
    const line = progressLine({ terminal, write: (more) => (text += more) }, () => (now += 1000))
    line.show(progress)
    line.show(progress)
    line.clear()
    return text
  }
  expect(written(false)).toBe('')
  expect(written(true)).not.toContain('\n')
  expect(written(true)).toMatch(/read.*\r.*read.*\r/)
})

test('one is no plural', () => {
  const text = planText(
    {
      workflow: 'stock',
      read: 1,
      complete: true,
      outcomes: { created: 1 },
      rejectedBy: {},
      samples: { created: [], updated: [], deleted: [], rejected: [] },
      altered: {},
      forecast: { writeCalls: 1, minutes: 0 },
    },
    style({ terminal: false, write: () => undefined }, {}),
  )
  expect(text).toContain('1 record read.')
  expect(text).toContain('1 write call,')
})

test.each([
  [400, '0.4 s'],
  [59_000, '59 s'],
  [250_000, '4 min 10 s'],
  [7_500_000, '2 h 5 min'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test.each(['20.20.2', '22.12.0', '18.0.0'])('Node.js %s is told what to do', (version) => {
  expect(nodeTooOld(version)).toMatch(/^NODE_TOO_OLD \(8006\): .*install Node\.js 24/s)
})

test.each(['22.13.0', '24.0.0', '25.1.0'])('Node.js %s is new enough', (version) => {
  expect(nodeTooOld(version)).toBeUndefined()
})

test('an error that nobody knows is a fault without stack and password', () => {
  const fault = asFault(new TypeError('cannot reach postgres://user:hunter2@host/db'))
  expect(fault).toMatchObject({ code: 'UNEXPECTED', detail: 'cannot reach postgres://***@host/db' })
})

test('100 % of an explanation is all of them', () => {
  const rule = { conditions: [], failed: 5000, passed: 0, support: 5000 / 5001, precision: 1, sentence: 'a' }
  const about = { group: 'g', workflow: 'stock', code: 'C', message: 'm', unreadable: 0, missing: 0 }
  const plain = style({ terminal: false, write: () => undefined }, {})
  const text = explanationText({ ...about, failed: 5001, passed: 7000, rule, others: [] }, plain)
  expect(text).toContain('true of 99.9 % of the failures; 100 % of the records')
})
