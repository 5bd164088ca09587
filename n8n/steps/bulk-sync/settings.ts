import type { IExecuteFunctions } from 'n8n-workflow'
import type { MappingDefinition } from '../../../shared/core/mapping/definition'
import type { SyncEntry } from '../../../shared/generated/definition'
import { flag, number, text } from '../../../shared/core/settings'
import { unusable } from '../../host/errors'
import { list, oneOf, record, rows } from '../../host/parameters'

export const MODES = ['upsert', 'insert-only', 'update-only', 'mirror', 'append'] as const

export interface Settings {
  source: 'items' | 'api'
  target: 'items' | 'api'
  key: readonly string[]
  mode: (typeof MODES)[number]
  map: MappingDefinition | undefined
  sync: SyncEntry
  preview: boolean
  /** Items for each change, or one for each batch of changes. */
  changes: 'records' | 'batches'
  /** What identifies a run that is started again. */
  runKey: string
  mostExceptions: number
  cursor: { field: string; lag: string; state: unknown } | undefined
  /** Whether what the target holds is read first, so that only what differs is sent. */
  compare: boolean
}

/** The parameters that do not belong to one side. */
export function settingsOf(node: IExecuteFunctions): Settings {
  const options = record(node.getNodeParameter('options', 0, {}))
  const source = oneOf(node.getNodeParameter('source', 0), ['items', 'api'])
  const target = node.getNodeParameter('operation', 0) === 'sync' ? 'api' : 'items'
  const mode = oneOf(node.getNodeParameter('mode', 0), MODES)
  const key = list(node.getNodeParameter('keyFields', 0))
  if (key.length === 0 && mode !== 'append')
    throw unusable(
      node.getNode(),
      'Key Fields is empty',
      'Name the fields that identify a record in the target, such as id or sku, location.',
    )
  const cursorField = text(options, 'cursorField') ?? ''
  const batch = number(options, 'batchSize')
  return {
    source,
    target,
    key,
    mode,
    map: mappingOf(
      rows(node.getNodeParameter('mapping', 0, {}), 'field'),
      flag(options, 'dropUnmapped') ?? false,
    ),
    sync: {
      mode,
      ...(batch === undefined ? {} : { batch }),
      guards: {
        ...(mode === 'mirror' ? { deletes: `${number(options, 'deleteGuard') ?? 10}%` } : {}),
        rejects: `${number(options, 'rejectGuard') ?? 20}%`,
      },
      retry: { for: text(options, 'waitFor') ?? '15m' },
      concurrency: number(options, 'concurrency') ?? 4,
    },
    preview: flag(record({ preview: node.getNodeParameter('preview', 0, false) }), 'preview') ?? false,
    changes: oneOf(options['changes'] ?? 'records', ['records', 'batches']),
    runKey: text(options, 'runKey') ?? '',
    mostExceptions: number(options, 'mostExceptions') ?? 10_000,
    cursor:
      cursorField === ''
        ? undefined
        : { field: cursorField, lag: text(options, 'cursorLag') ?? '0s', state: options['state'] },
    compare:
      target === 'api' &&
      oneOf(node.getNodeParameter('known', 0, 'nothing'), ['nothing', 'target']) === 'target',
  }
}

/** Every row is a field of the target and where its value comes from; without rows fields keep their names. */
function mappingOf(fields: ReturnType<typeof rows>, drop: boolean): MappingDefinition | undefined {
  const entries = fields.flatMap((row): [string, string][] => {
    const to = text(row, 'target') ?? ''
    return to === '' ? [] : [[to, text(row, 'source') ?? '']]
  })
  if (entries.length === 0) return undefined
  return { ...Object.fromEntries(entries), ...(drop ? { '*': 'drop' } : {}) }
}
