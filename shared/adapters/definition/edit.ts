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
  const text = await readFile(path, 'utf8')
  const document = parseDocument(toDocumentText(text))
  for (const { target, rule } of rules) setRule(document, ['workflows', workflow, 'map', target], rule)
  const draft = `${path}.new`
  const printed = toYamlText(document.toString({ lineWidth: 0, flowCollectionPadding: true }))
  await writeFile(draft, asWritten(printed, text))
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

/** The printed text, with the lines of the old one that say the same: spaces are a matter of taste, and not of ours. */
function asWritten(printed: string, old: string): string {
  const lines = old.split('\n')
  let from = 0
  return printed
    .split('\n')
    .map((line) => {
      const at = lines.findIndex((one, i) => i >= from && bare(one) === bare(line))
      if (at < 0) return line
      from = at + 1
      return lines[at] ?? line
    })
    .join('\n')
}

/** A line without its spaces, but for those at its beginning. */
function bare(line: string): string {
  const text = line.trimStart()
  return ' '.repeat(line.length - text.length) + text.replaceAll(/\s/g, '')
}
