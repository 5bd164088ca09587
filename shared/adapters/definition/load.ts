import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { complete, type Registry } from '../../core/definition/complete'
import type { Definition } from '../../core/definition/definition'
import { complaintsOf, type Complaint } from '../../core/definition/finding'
import { pathText, samePath, type Path } from '../../core/definition/path'
import { InvalidDefinition, type Problem } from '../../core/definition/problem'
import { fillReferences, type Missing } from '../../core/definition/references'
import { validPart } from '../../core/definition/valid-part'
import { Fault } from '../../core/fault'
import { isList, isObject, type Value } from '../../core/record/value'
import { readFault } from '../files/fault'
import { findingsOf, isDefinition } from './check'
import { isMissing } from './system-error'
import { readSchemas } from './schemas'
import { readSecrets, SECRETS_FILE } from './secrets-file'
import { parseText } from './yaml'

export interface LoadOptions {
  /** Where `${NAME}` is looked up first. */
  env: Readonly<Record<string, string | undefined>>
  /** Where it is looked up then; default `.tieout/secrets.env` beside the definition. */
  secretsFile?: string | undefined
  registry: Registry
}

export interface Loaded {
  definition: Definition
  /** What is allowed and unwise, such as a secret in the file. */
  warnings: Problem[]
}

/**
 * Reads and checks a definition file and the schemas that it names. Opens no connection.
 *
 * @throws InvalidDefinition with everything that is wrong; Fault DEFINITION_NOT_FOUND, SECRETS_FILE_NOT_FOUND
 */
export async function loadDefinition(path: string, options: LoadOptions): Promise<Loaded> {
  const folder = dirname(resolve(path))
  const file = basename(path)
  const written = await readDefinition(path)
  if (written === undefined) {
    const message = 'is neither UTF-8 nor UTF-16; save it as UTF-8'
    throw new InvalidDefinition([{ file, path: '', line: 1, message }])
  }
  const text = parseText(written)
  if (text.problems.length > 0)
    throw new InvalidDefinition(text.problems.map((each) => ({ file, path: '', ...each })))

  const secrets = await readSecrets(folder, options.secretsFile)
  const { value, missing } = fillReferences(text.value, (name) => options.env[name] ?? secrets[name])
  const checked = validPart(value, isDefinition)
  const schemas = await readSchemas(folder, value)
  const completed = complete({
    file: checked.file,
    raw: (path) => memberAt(text.value, path),
    schemas: schemas.schemas,
    registry: options.registry,
    check: (schema, settings, alsoKnown) => complaintsOf(findingsOf(schema, settings), alsoKnown),
  })

  const place = ({ path, message }: Complaint): Problem => ({
    file,
    line: text.line(path),
    path: pathText(path),
    message,
  })
  // a value that is not known yet can't be wrong yet
  const known = ({ path }: Complaint): boolean => !missing.some((each) => samePath(each.path, path))
  const complaints = [...checked.complaints, ...schemas.complaints, ...completed.problems].filter(known)
  const problems = [...missing.map(missingValue), ...complaints]
    .map(place)
    .sort((one, other) => one.line - other.line)
  problems.push(...schemas.problems)
  if (problems.length > 0) throw new InvalidDefinition(problems)
  return { definition: completed.definition, warnings: completed.warnings.map(place) }
}

async function readDefinition(path: string): Promise<string | undefined> {
  try {
    return textOfBytes(await readFile(path))
  } catch (error) {
    const place = resolve(path)
    if (!isMissing(error)) throw await readFault(error, basename(path), place)
    const detail = `There is no ${basename(path)} in ${dirname(place)}.`
    throw new Fault('DEFINITION_NOT_FOUND', detail, { path: place }, undefined, { cause: error })
  }
}

/** By its byte order mark, as YAML has it, else UTF-8 (YAML 1.2.2, 5.2); undefined where it is neither. */
function textOfBytes(bytes: Uint8Array): string | undefined {
  const encoding = ENCODINGS.find(({ mark }) => mark.every((byte, i) => bytes[i] === byte))?.encoding
  try {
    return new TextDecoder(encoding ?? 'utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const ENCODINGS = [
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
]

function missingValue({ name, path }: Missing): Complaint {
  const where = SECRETS_FILE.replaceAll('\\', '/')
  return {
    path,
    message: `needs ${name}, which has no value; set it in the environment, in ${where} or in a file given with --secrets`,
  }
}

function memberAt(value: Value, path: Path): Value | undefined {
  let member: Value | undefined = value
  for (const step of path) {
    if (isList(member)) member = member[Number(step)]
    else if (isObject(member)) member = member[step]
    else return undefined
  }
  return member
}
