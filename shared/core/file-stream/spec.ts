import type { ConnectorSpec } from '../connector'
import { encodings } from '../format/text'
import type { JsonSchema } from '../ports'

type Properties = Readonly<Record<string, JsonSchema>>

export interface FileSpec extends Pick<ConnectorSpec, 'name' | 'title' | 'summary' | 'example'> {
  /** Settings of a source, by name. */
  reading: Properties
  /** Settings of a target, by name. */
  writing: Properties
}

/** The spec of a connector for files. Settings of both uses can be given to the connection, too. */
export function fileSpec({ name, title, summary, reading, writing, example }: FileSpec): ConnectorSpec {
  return {
    name,
    title,
    summary,
    settings: schema({ ...folder, ...reading, ...writing }),
    sourceSettings: schema(reading),
    targetSettings: schema(writing),
    reads: true,
    writes: true,
    incremental: false,
    modes: ['append', 'insert-only', 'update-only', 'upsert', 'mirror'],
    example,
  }
}

/** The setting of formats that may be in any encoding. */
export const encoding = {
  encoding: {
    enum: encodings,
    title: 'Encoding',
    description: 'Of files that are read. A byte order mark in the file comes first; else this; else UTF-8.',
    default: 'utf-8',
  },
}

const folder = {
  folder: {
    type: 'string',
    title: 'Folder',
    description: 'Where the files are, from the folder of the definition.',
  },
}

function schema(properties: Properties): JsonSchema {
  return { type: 'object', properties, additionalProperties: false }
}
