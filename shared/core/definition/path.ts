/** Names and list positions from the top of the definition. */
export type Path = readonly (string | number)[]

/** `workflows.inventory.key[0]`; a name with other characters is quoted. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    if (!/^[\w-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

export function samePath(one: Path, other: Path): boolean {
  return one.length === other.length && startsWith(one, other)
}

export function startsWith(path: Path, beginning: Path): boolean {
  return beginning.every((step, at) => String(path[at]) === String(step))
}
