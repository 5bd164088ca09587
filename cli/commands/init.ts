import type { Command } from 'commander'
import type { Act } from '../main'
import { EXIT } from '../exit'

export function addInit(program: Command, act: Act): void {
  program.command('init').action(() => act(() => Promise.resolve(EXIT.ok)))
}
