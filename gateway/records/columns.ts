import { NodeSpill } from '../../shared/adapters/spill'
import { parseJson, printJson } from '../../shared/core/format/json'
import { parsePath } from '../../shared/core/mapping/path'
import { propertiesOf } from '../../shared/core/mapping/schema'
import { isObject, type DataRecord } from '../../shared/core/record/value'
import type { Workflow } from '../../shared/core/workflow'

/**
 * The fields that mapped records can have, where the workflow tells them all; otherwise a table's header is known only
 * when the last record was read.
 */
export function columnsOf({ schema, map = {} }: Workflow): string[] | undefined {
  const rest = map['*']
  const made = Object.keys(map)
    .filter((target) => target !== '*')
    .flatMap((target) => parsePath(target)[0] ?? [])
  if (rest === 'drop') return [...new Set(made)]
  const properties = propertiesOf(schema)
  const closed = typeof schema === 'object' && schema['additionalProperties'] === false
  const listed = made.length > 0 && rest !== 'pass'
  return properties && (closed || listed) ? [...new Set([...Object.keys(properties), ...made])] : undefined
}

/** Batches that can be gone through twice: the first time they are kept on disk. */
export function twice(batches: () => AsyncIterable<readonly DataRecord[]>): {
  read: () => AsyncIterable<readonly DataRecord[]>
  drop: () => void
} {
  const log = new NodeSpill().log()
  let whole = false
  const first = async function* (): AsyncGenerator<readonly DataRecord[]> {
    for await (const batch of batches()) {
      if (batch.length > 0) log.append(Buffer.from(batch.map((record) => `${printJson(record)}\n`).join('')))
      yield batch
    }
    whole = true
  }
  return {
    read: () => (whole ? kept(log.read()) : first()),
    drop: () => {
      log.drop()
    },
  }
}

async function* kept(bytes: Iterable<Uint8Array>): AsyncGenerator<DataRecord[]> {
  const decoder = new TextDecoder()
  let rest = ''
  for (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield await Promise.resolve(lines.map(recordOf))
  }
}

function recordOf(line: string): DataRecord {
  const value = parseJson(line)
  return isObject(value) ? { ...value } : {}
}
