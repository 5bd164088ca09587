import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isScalar, parseDocument, type Document } from 'yaml'
import type { NewRule } from '../../core/exceptions/mapping-rule'
import { toDocumentText, toYamlText } from './yaml'

/**
 * Writes rules into the mapping of a workflow. Everything else in the file keeps its place and its comments.
 * @param check what reads the new text as the definition; when it throws, the file stays as it is
 */
export async function writeMappingRules(
  path: string,
  workflow: string,
  rules: readonly NewRule[],
  check: (path: string) => Promise<unknown>,
): Promise<void> {
  const document = parseDocument(toDocumentText(await readFile(path, 'utf8')))
  for (const { target, rule } of rules) setRule(document, ['workflows', workflow, 'map', target], rule)
  const draft = `${path}.new`
  await writeFile(draft, toYamlText(document.toString({ lineWidth: 0, flowCollectionPadding: true })))
  try {
    await check(draft)
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

function setRule(document: Document.Parsed, path: readonly string[], rule: NewRule['rule']): void {
  const old = document.getIn(path, true)
  const node = document.createNode(rule, { flow: true })
  if (isScalar(old) && old.comment != null) node.comment = old.comment
  document.setIn(path, node)
}
