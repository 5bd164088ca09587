/** How records stand in an XML document. Names are local names, or `prefix:name` for the namespaces that are mapped. */
export interface XmlOptions {
  /** Names from the root to the record element; undefined: every child of the root is a record; none: nothing is. */
  path: readonly string[] | undefined
  /** Whether `path` begins at the root; else its last name is looked for at any depth. */
  rooted: boolean
  /** Prefixes for namespace names, chosen by the workflow, not by the document; '' for the default namespace. */
  namespaces: ReadonlyMap<string, string>
  /** Names of elements that are lists even where there is only one. */
  lists: ReadonlySet<string>
  /** What an element with nothing in it means. `xsi:nil="true"` is always null. */
  empty: 'text' | 'null'
}

/** `/catalog/item` from the root, or `item` wherever it is. */
export function parseElementPath(text: string): Pick<XmlOptions, 'path' | 'rooted'> {
  const path = text.split('/').filter((name) => name !== '')
  return { path: path.length === 0 ? undefined : path, rooted: text.startsWith('/') || path.length > 1 }
}

export const XML_DEFAULTS: XmlOptions = {
  ...parseElementPath(''),
  namespaces: new Map(),
  lists: new Set(),
  empty: 'text',
}

/** Namespace of `xsi:nil` (https://www.w3.org/TR/xmlschema-1/#xsi_nil). */
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
