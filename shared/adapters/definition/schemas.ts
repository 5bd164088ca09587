import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Complaint } from '../../core/definition/finding'
import type { Path } from '../../core/definition/path'
import type { Problem } from '../../core/definition/problem'
import { Fault } from '../../core/fault'
import type { JsonSchema } from '../../core/ports'
import { isObject, textOf, type Value } from '../../core/record/value'
import { createAjvValidator } from '../validator'
import { isMissing } from './system-error'
import { parseText } from './yaml'

export interface ReadSchemas {
  /** By the name that the definition uses. */
  schemas: Map<string, JsonSchema>
  /** About the definition. */
  complaints: Complaint[]
  /** About the schema files. */
  problems: Problem[]
}

/** Reads and compiles the schemas of all workflows, in files or in the definition itself. */
export async function readSchemas(folder: string, definition: Value): Promise<ReadSchemas> {
  const read: ReadSchemas = { schemas: new Map(), complaints: [], problems: [] }
  const workflows = isObject(definition) ? definition['workflows'] : undefined
  if (!isObject(workflows)) return read
  for (const [name, workflow] of Object.entries(workflows)) {
    const schema = isObject(workflow) ? workflow['schema'] : undefined
    const path = ['workflows', name, 'schema']
    if (typeof schema === 'string') await readInto(read, folder, schema, path)
    else if (isObject(schema)) {
      const wrong = wrongIn(schema)
      if (wrong) read.complaints.push({ path: [...path, ...wrong.path], message: wrong.message })
    }
  }
  return read
}

async function readInto(read: ReadSchemas, folder: string, file: string, path: Path): Promise<void> {
  if (read.schemas.has(file) || read.problems.some((problem) => problem.file === file)) return
  const problem = (line: number, message: string): void =>
    void read.problems.push({ file, line, path: '', message })
  let content: string
  try {
    content = await readFile(resolve(folder, file), 'utf8')
  } catch (error) {
    if (!isMissing(error)) throw error
    read.complaints.push({ path, message: `names the file ${file}, which is not there` })
    return
  }
  const text = parseText(content)
  const schema = text.value
  for (const { line, message } of text.problems) problem(line, message)
  if (text.problems.length > 0) return
  if (!isObject(schema)) {
    problem(1, 'holds no JSON Schema')
    return
  }
  const wrong = wrongIn(schema)
  if (wrong) problem(text.line(wrong.path), wrong.message)
  else read.schemas.set(file, schema)
}

function wrongIn(schema: JsonSchema): Complaint | undefined {
  try {
    createAjvValidator().compile(schema)
    return undefined
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const path = textOf(error.evidence['pointer']).split('/').slice(1)
    return { path, message: `is not a valid JSON Schema: ${error.detail.replace(/^schema: /, '')}` }
  }
}
