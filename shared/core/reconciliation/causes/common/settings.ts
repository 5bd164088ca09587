/** Settings of a definition, as a person can paste them. */

/** @param rule such as `factor: 1000` */
export function underCompare(fields: readonly string[], rule: string): string {
  return `"compare: { ${fields.map((field) => `${named(field)}: { ${rule} }`).join(', ')} }" under "reconcile"`
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
