import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { NodeSpill } from '../../shared/adapters/spill'
import type { SpillLog } from '../../shared/core/ports'
import { folderWith } from '../support/folder'

const root = join(__dirname, '../..')
const bytes = new TextEncoder().encode('a part of a side')

test('many logs at once add nothing that waits for the end of the process', () => {
  const waiting = process.listenerCount('exit')
  const spill = new NodeSpill()
  const logs: SpillLog[] = Array.from({ length: 50 }, () => spill.log())
  for (const log of logs) log.append(bytes)
  expect(process.listenerCount('exit')).toBe(waiting)
  expect(logs.map((log) => new TextDecoder().decode(log.slice(2, 4)))).toEqual(logs.map(() => 'part'))
  for (const log of logs) log.drop()
})

test.each([
  ['ends early', 'process.exit(0)'],
  ['is killed', "process.kill(process.pid, 'SIGKILL')"],
])('a process that %s leaves no log behind and warns of nothing', (_, end) => {
  const folder = folderWith({})
  const temporary = join(folder.path, 'tmp')
  mkdirSync(temporary)
  const program = `
    const { NodeSpill } = require('./shared/adapters/spill')
    process.on('warning', (warning) => console.log(String(warning)))
    const spill = new NodeSpill()
    for (let i = 0; i < 50; i++) spill.log().append(new Uint8Array(10))
    setImmediate(() => ${end})`
  const env = { ...process.env, TMPDIR: temporary, TS_NODE_TRANSPILE_ONLY: 'true' }
  const { stdout, stderr } = spawnSync(process.execPath, ['-r', 'ts-node/register', '-e', program], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  expect(stdout + stderr).toBe('')
  expect(readdirSync(temporary).filter((name) => name.startsWith('tieout-'))).toEqual([])
  folder.remove()
})

test('a table whose folder is missing says which folder', () => {
  const folder = folderWith({})
  expect(() => new NodeSpill(folder.path).table('out/copy.index')).toThrow(
    'out/copy.index cannot be written: its folder does not exist',
  )
  folder.remove()
})
