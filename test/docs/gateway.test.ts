// Follows docs/gateway.md as a person would: saves its files, starts the gateway in a process, calls it with curl.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { textOf } from '../../shared/core/record/value'
import { commandLine } from '../support/command-line'
import { Compiled } from '../support/compiled'
import { folderWith } from '../support/folder'
import { objectIn } from '../support/json'
import { serveIn, type ServedGateway } from '../support/served-gateway'
import { blocksOf, repository } from './blocks'

const shell = promisify(execFile)

test('docs/gateway.md does what it says', async () => {
  const folder = folderWith({})
  const program = new Compiled(join(repository, 'cli/index.ts'))
  const tieout = commandLine(folder.path)
  let gateway: ServedGateway | undefined
  let key = ''
  let said = ''
  try {
    for (const { language, info, text } of blocksOf('docs/gateway.md')) {
      if (info !== '') writeFileSync(join(folder.path, info), text)
      if (language === 'text')
        for (const line of text.trim().split('\n')) expect(said.replaceAll(' ', '')).toContain(line)
      if (language !== 'sh') continue
      said = ''
      for (const line of text.trim().split('\n')) {
        if (line.startsWith('tieout serve')) gateway = await serveIn(program, folder.path)
        else if (line.startsWith('tieout ')) {
          const { exit, out } = await tieout(...line.split(' ').slice(1), '--json')
          expect(exit).toBe(0)
          key = textOf(objectIn(out)['key'])
        } else {
          const env = { ...process.env, URL: gateway?.url ?? '', KEY: key }
          said += (await shell('bash', ['-c', line], { env, cwd: folder.path })).stdout
        }
      }
    }
    expect(await gateway?.stop('SIGTERM')).toBe(0)
  } finally {
    await gateway?.stop('SIGKILL')
    program.remove()
    folder.remove()
  }
}, 60_000)
