import type { AuditEntry } from '../../gateway/audit/entry'
import { table } from './table'

export function auditText(entries: readonly (AuditEntry & { number: number })[]): string {
  if (entries.length === 0) return 'Nothing was changed yet.'
  const rows = entries.map(({ number, at, who, key, address, operation, object, effect, result }) => [
    String(number),
    new Date(at).toISOString(),
    key === undefined ? who : `${who} (${key})`,
    address ?? 'command line',
    operation,
    effect === undefined ? object : `${object} -> ${effect}`,
    result,
  ])
  return table(['entry ', 'when', 'who', 'from', 'did', 'to', 'result'], rows)
}
