import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT } from '../../cli/exit'
import { commandLine } from '../support/command-line'
import { repository } from './blocks'

const page = readFileSync(join(repository, 'docs/command-line.md'), 'utf8')
const tieout = commandLine(repository)

/** Names that stand first in the lines of a section of the help, such as `Commands:`. */
async function listed(section: string, ...command: string[]): Promise<string[]> {
  const { out } = await tieout(...command, '--help')
  const [, lines = ''] = new RegExp(`^${section}:\\n((?:  .*\\n)*)`, 'm').exec(out) ?? []
  const names = Array.from(lines.matchAll(/^  (?:-\w, )?(\S+)/gm), ([, name = '']) => name)
  return names.filter((name) => name !== 'help' && name !== '--help')
}

test('every command stands on the page, and every one on the page exists', async () => {
  const documented = Array.from(page.matchAll(/`tieout ([a-z-]+)/g), ([, name = '']) => name)

  expect(new Set(documented)).toEqual(new Set(await listed('Commands')))
})

test('every option stands on the page, and every one on the page exists', async () => {
  const [tables = ''] = page.split('## Install')
  const documented = Array.from(tables.matchAll(/(--[a-z][a-z-]*)/g), ([name]) => name)

  expect(new Set(documented)).toEqual(new Set(await options()))
})

/** Of a command and of all below it. */
async function options(...command: string[]): Promise<string[]> {
  const found = await listed('Options', ...command)
  for (const inner of await listed('Commands', ...command)) found.push(...(await options(...command, inner)))
  return found
}

test('every exit code stands on the page', () => {
  const documented = Array.from(page.matchAll(/^\| (\d+) \|/gm), ([, code]) => Number(code))

  // and that of a second Ctrl-C
  expect(documented.sort()).toEqual([...Object.values(EXIT), 130].sort())
})
