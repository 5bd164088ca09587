import type { Command } from 'commander'
import { Fault } from '../../../shared/core/fault'
import type { AuditHead } from '../../../gateway/audit/log'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { withGatewayState } from '../../gateway-state'
import { count } from '../../print/number'

export function addVerify(audit: Command, act: Act): void {
  audit
    .command('verify')
    .description('prove that no entry was changed or removed')
    .option('--end <number:hash>', 'the end that an earlier verification named and you kept elsewhere')
    .action(({ end }: { end?: string }) =>
      act((cli) =>
        withGatewayState(cli, ({ audit: log }) => {
          const head = log.verify(end === undefined ? undefined : headOf(end))
          const text = `${count(head.number)} ${head.number === 1 ? 'entry holds' : 'entries hold'}.`
          const keep = head.number === 0 ? '' : ` Keep the end elsewhere: ${String(head.number)}:${head.hash}`
          cli.answer({ entries: head.number, end: `${String(head.number)}:${head.hash}` }, text + keep)
          return EXIT.ok
        }),
      ),
    )
}

function headOf(text: string): AuditHead {
  const [, number, hash] = /^(\d{1,15}):([\w-]{43})$/.exec(text) ?? []
  if (number === undefined || hash === undefined)
    throw new Fault('COMMAND_INVALID', `"${text}" is no end of an audit log: number, colon, hash.`)
  return { number: Number(number), hash }
}
