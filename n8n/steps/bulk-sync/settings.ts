import type { IExecuteFunctions } from 'n8n-workflow'
import type { SyncEntry } from '../../../shared/generated/definition'
import type { Value } from '../../../shared/core/record/value'
import { flag, number, text } from '../../../shared/core/settings'
import { unusable } from '../../host/errors'
import { duration, oneOf, record } from '../../host/parameters'
import { approvalIn } from '../gateway/approval'
import { mappedBy, type Mapped } from './mapping'

export const MODES = ['upsert', 'insert-only', 'update-only', 'mirror', 'append'] as const

export interface Settings {
  source: 'items' | 'api'
  target: 'items' | 'api'
  mode: (typeof MODES)[number]
  mapped: Mapped
  sync: SyncEntry
  preview: boolean
  /** Items for each change, or one for each batch of changes. */
  changes: 'records' | 'batches'
  /** What identifies a run that is started again. */
  runKey: string
  /** Hash of the deletes that a guard held. */
  approve: string | undefined
  mostExceptions: number
  cursor: { field: string; lag: string; state: Value | undefined } | undefined
  /** Whether what the target holds is read first, so that only what differs is sent. */
  compare: boolean
}

/** The parameters that do not belong to one side. */
export function settingsOf(node: IExecuteFunctions): Settings {
  const options = record(node.getNodeParameter('options', 0, {}))
  const source = oneOf(node.getNodeParameter('source', 0), ['items', 'api'])
  const target = node.getNodeParameter('operation', 0) === 'sync' ? 'api' : 'items'
  const mode = oneOf(node.getNodeParameter('mode', 0), MODES)
  const mapped = mappedBy(node, source, flag(options, 'passOthers') ?? false)
  if (mapped.key.length === 0 && mode !== 'append')
    throw unusable(
      node.getNode(),
      'Key Fields is empty',
      'Name the fields of the target under Target Fields, such as sku, quantity; then choose the ones that identify a record under Key Fields, which appears below.',
    )
  const compare =
    target === 'api' &&
    oneOf(node.getNodeParameter('known', 0, 'nothing'), ['nothing', 'target']) === 'target'
  if (mode === 'mirror' && target === 'api' && !compare)
    throw unusable(
      node.getNode(),
      'Mirror deletes what the source no longer has, and what the target has is not known',
      'Let Already in the Target be Read From the Target, or choose the mode Create or Update, which deletes nothing.',
    )
  const cursorField = text(options, 'cursorField') ?? ''
  const batch = number(options, 'batchSize')
  return {
    source,
    target,
    mode,
    mapped,
    sync: {
      mode,
      ...(batch === undefined ? {} : { batch }),
      guards: {
        ...(mode === 'mirror' ? { deletes: `${number(options, 'deleteGuard') ?? 10}%` } : {}),
        rejects: `${number(options, 'rejectGuard') ?? 20}%`,
      },
      retry: { for: duration(node, options, ['waitFor', 'Wait for an Outage'], '15m') },
      concurrency: number(options, 'concurrency') ?? 4,
    },
    preview: flag(record({ preview: node.getNodeParameter('preview', 0, false) }), 'preview') ?? false,
    changes: oneOf(options['changes'] ?? 'records', ['records', 'batches']),
    runKey: text(options, 'runKey') ?? '',
    approve: approvalIn(options),
    mostExceptions: number(options, 'mostExceptions') ?? 10_000,
    cursor:
      cursorField === ''
        ? undefined
        : {
            field: cursorField,
            lag: duration(node, options, ['cursorLag', 'Cursor Lag'], '0s'),
            state: options['state'],
          },
    compare,
  }
}
