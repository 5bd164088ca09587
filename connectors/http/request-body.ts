import { isList, isObject, type Value } from '../../shared/core/record/value'

/** What a parameter is written as in JSON. */
export type ParameterKind = 'number' | 'text'

const PLACE = /\{(\w+)\}/g

/**
 * The body that asks for a page. A parameter of paging or of `since` whose name stands in it as `{name}` has its place there
 * and not in the address. Where it has no value, as a cursor on the first page, its field is left out; in XML its element
 * is empty.
 */
export class RequestBody {
  readonly contentType: string
  private readonly placed = new Set<string>()

  /** @param body a value that is sent as JSON, or a text that begins with `<`, such as a SOAP envelope */
  constructor(
    private readonly body: Value,
    private readonly parameters: ReadonlyMap<string, ParameterKind>,
  ) {
    this.contentType = isXmlText(body) ? 'text/xml; charset=utf-8' : 'application/json'
    const text = isXmlText(body) ? body : JSON.stringify(body)
    for (const [, name = ''] of text.matchAll(PLACE)) if (parameters.has(name)) this.placed.add(name)
  }

  /** @returns the body, and the parameters that go into the address */
  fill(values: Readonly<Record<string, string>>): { body: string; query: Record<string, string> } {
    const { body } = this
    const query = Object.fromEntries(Object.entries(values).filter(([name]) => !this.placed.has(name)))
    if (this.placed.size === 0) return { body: isXmlText(body) ? body : JSON.stringify(body), query }
    if (!isXmlText(body)) return { body: JSON.stringify(this.filled(body, values)), query }
    const text = body.replace(PLACE, (place, name: string) =>
      this.placed.has(name) ? escaped(values[name] ?? '') : place,
    )
    return { body: text, query }
  }

  private filled(value: Value, values: Readonly<Record<string, string>>): Value | undefined {
    if (typeof value === 'string') {
      const name = /^\{(\w+)\}$/.exec(value)?.[1]
      if (name === undefined || !this.placed.has(name)) return value
      const given = values[name]
      return given !== undefined && this.parameters.get(name) === 'number' ? Number(given) : given
    }
    if (isList(value)) return value.flatMap((item) => this.filled(item, values) ?? [])
    if (!isObject(value)) return value
    const fields = Object.entries(value).map(([name, inner]) => [name, this.filled(inner, values)] as const)
    return Object.fromEntries(fields.flatMap(([name, inner]) => (inner === undefined ? [] : [[name, inner]])))
  }
}

function isXmlText(body: Value): body is string {
  return typeof body === 'string' && body.trimStart().startsWith('<')
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
