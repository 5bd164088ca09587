import type { ReconcileSettings } from '../../settings'

// Settings of a definition, as a person can paste them.

/** @param rule such as `decimals: 2` */
export function underCompare(fields: readonly string[], rule: string | ((field: string) => string)): string {
  const ruleOf = (field: string): string => (typeof rule === 'string' ? rule : rule(field))
  return `"compare: { ${fields.map((field) => `${named(field)}: { ${ruleOf(field)} }`).join(', ')} }" under "reconcile"`
}

/** What `factor` has to be: what was compared has gone through the present one. */
export function factorRule({ compare }: ReconcileSettings, field: string, factor: number): string {
  const whole = Number((factor * (compare[field]?.factor ?? 1)).toPrecision(12))
  return `factor: ${whole.toFixed(12).replace(/\.?0+$/, '')}`
}

/** @param rule such as `ignore: [zeros]` */
export function inMatch(fields: readonly string[], rule: string): string {
  const parts = fields.map((field) => `"{ field: ${named(field)}, ${rule} }"`)
  return `${parts.join(' and ')} in "match" under "reconcile"`
}

/** @param rule such as `factor: -1` */
export function inMapping(fields: readonly string[], rule: string): string {
  return `"map: { ${fields.map((field) => `${named(field)}: { ${rule} }`).join(', ')} }"`
}

function named(field: string): string {
  return /^[A-Za-z_]\w*$/.test(field) ? field : JSON.stringify(field)
}
