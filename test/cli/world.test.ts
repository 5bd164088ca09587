import { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { output } from '../../cli/world'

async function lostBy(code: string): Promise<string[]> {
  const lost: string[] = []
  const stream = new Writable({
    write: (_chunk, _encoding, done) => {
      done(Object.assign(new Error(`${code}: write`), { code }))
    },
  })
  const out = output(stream, ({ message }) => lost.push(message))
  out.write('one\n')
  await setImmediate()
  out.write('two\n')
  await setImmediate()
  return lost
}

test('a full disk under the answer is told, and does not break off the command', async () => {
  expect((await lostBy('ENOSPC'))[0]).toBe('ENOSPC: write')
})

test('a reader that has left is no failure', async () => {
  expect(await lostBy('EPIPE')).toEqual([])
})

test('a full disk under a log is no failure', async () => {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => {
      done(new Error('ENOSPC'))
    },
  })
  output(stream).write('warning\n')
  await setImmediate()
  expect(stream.errored).not.toBeNull()
})
