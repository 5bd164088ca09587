import type { SaxesTagNS } from 'saxes'
import type { DataRecord, Value } from '../../record/value'
import { XSI, type XmlOptions } from './options'

interface Element {
  name: string
  fields: { [name: string]: Value }
  lists: Map<string, Value[]>
  text: string
  nil: boolean
  /** Whether it has attributes or elements. */
  structured: boolean
}

/**
 * Builds the value of an element: its text, or an object of its attributes (`@name`), its elements and, where there is
 * any beside them, its text (`#text`). Elements of one name form a list.
 */
export class ElementBuilder {
  /** Whether a name was met that must not become a field. */
  forbidden = false
  private readonly stack: Element[] = []

  constructor(private readonly nameOf: (uri: string, local: string) => string) {}

  open(name: string, tag: SaxesTagNS): void {
    const element: Element = { name, fields: {}, lists: new Map(), text: '', nil: false, structured: false }
    for (const { uri, local, prefix, value } of Object.values(tag.attributes)) {
      if (prefix === 'xmlns' || local === 'xmlns') continue
      if (uri === XSI && local === 'nil') element.nil = value.trim() === 'true' || value.trim() === '1'
      else {
        element.fields[`@${this.nameOf(uri, local)}`] = value
        element.structured = true
      }
    }
    if (name === '__proto__') this.forbidden = true
    this.stack.push(element)
  }

  text(text: string): void {
    const element = this.stack.at(-1)
    if (element) element.text += text
  }

  /** Ends the innermost element. @returns it as a record, for the outermost one */
  close(options: XmlOptions): DataRecord {
    const element = this.stack.pop()
    if (!element) return {}
    const parent = this.stack.at(-1)
    if (!parent) return fieldsOf(element)
    parent.structured = true
    add(parent, element.name, valueOf(element, options), options)
    return {}
  }
}

function add({ fields, lists }: Element, name: string, value: Value, options: XmlOptions): void {
  const list = lists.get(name)
  // an element may be called like what every object has, such as `constructor`
  const first = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (list) list.push(value)
  else if (first === undefined && !options.lists.has(name)) fields[name] = value
  else {
    const begun = first === undefined ? [value] : [first, value]
    fields[name] = begun
    lists.set(name, begun)
  }
}

function valueOf(element: Element, options: XmlOptions): Value {
  if (element.structured) return fieldsOf(element)
  if (element.nil) return null
  return element.text === '' && options.empty === 'null' ? null : element.text
}

function fieldsOf(element: Element): DataRecord {
  // line breaks and indentation between elements are no text
  if (element.text.trim() !== '') element.fields['#text'] = element.text
  return element.fields
}
