import type { Command } from 'commander'
import type { Act } from '../../cli'
import { addList } from './list'
import { addVerify } from './verify'

export function addAudit(program: Command, act: Act): void {
  const audit = program
    .command('audit')
    .description('read who changed what through the gateway, and prove that it is whole')
  for (const add of [addList, addVerify]) add(audit, act)
}
