const FIELD =
  /^=\s*\{\{\s*\$json((?:\??\.[A-Za-z_$][\w$]*|(?:\?\.)?\[(?:\d+|"[^"\\]*"|'[^'\\]*')\])+)\s*\}\}\s*$/
const PART = /\.([A-Za-z_$][\w$]*)|\[(?:(\d+)|"([^"]*)"|'([^']*)')\]/g

/** The field that an expression is, by its path: `={{ $json.address["post code"] }}`; undefined where it is more than that. */
export function fieldOf(expression: string): string[] | undefined {
  const path = FIELD.exec(expression)?.[1] ?? ''
  const names = Array.from(path.matchAll(PART), ([, dotted, at, double, single]) => {
    return dotted ?? at ?? double ?? single ?? ''
  })
  return names.length > 0 ? names : undefined
}

/** Whether an expression reads the item at hand. */
export function mentionsItem(expression: string): boolean {
  return /\$(?:json|binary|itemIndex|data|input(?!\.(?:first|last|all)\b))\b/.test(expression)
}

/** Whether an expression may have another value for another item: also one that reads the item of an earlier node. */
export function variesByItem(expression: string): boolean {
  return mentionsItem(expression) || /\.item\b/.test(expression)
}

/** The expression that reads a field. */
export function readsField(name: string): string {
  return `={{ $json[${JSON.stringify(name)}] }}`
}
