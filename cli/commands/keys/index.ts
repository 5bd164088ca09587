import type { Command } from 'commander'
import type { Act } from '../../cli'
import { addCreate } from './create'
import { addList } from './list'
import { addReseal } from './reseal'
import { addRevoke } from './revoke'
import { addRotate } from './rotate'

export function addKeys(program: Command, act: Act): void {
  const keys = program.command('keys').description('say who may call the gateway, and what they may do')
  for (const add of [addCreate, addRotate, addRevoke, addList, addReseal]) add(keys, act)
}
