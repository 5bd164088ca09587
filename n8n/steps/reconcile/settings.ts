import type { IExecuteFunctions } from 'n8n-workflow'
import type { CompareRuleEntry, DimensionEntry, ReconcileEntry } from '../../../shared/generated/definition'
import type { DataRecord } from '../../../shared/core/record/value'
import { flag, number, text } from '../../../shared/core/settings'
import { unusable } from '../../host/errors'
import { duration, list, record, rows, words } from '../../host/parameters'
import type { ReportForm } from './report'

export interface Settings {
  key: readonly string[]
  title: string
  matched: boolean
  reports: readonly ReportForm[]
  reconcile: ReconcileEntry
}

/** The parameters of the node, as the core takes them. */
export function settingsOf(node: IExecuteFunctions): Settings {
  const key = list(node.getNodeParameter('keyFields', 0))
  if (key.length === 0)
    throw unusable(
      node.getNode(),
      'Key Fields is empty',
      'Name the fields that identify a record on both sides, such as id or sku, location.',
    )
  const options = record(node.getNodeParameter('options', 0, {}))
  const rules = rows(node.getNodeParameter('compareRules', 0, {}), 'rule')
  const dimensions = rows(node.getNodeParameter('dimensions', 0, {}), 'dimension')
  const ignore = words(options, 'keyIgnore', ['case', 'space', 'zeros'])
  const fields = list(options['fields'])
  const cutOff = text(options, 'cutOffField') ?? ''
  return {
    key,
    title: text(options, 'title') ?? node.getNode().name,
    matched: flag(options, 'matched') ?? false,
    reports: words(options, 'reports', ['html', 'xlsx', 'csv']),
    reconcile: {
      match: [key.map((field) => ({ field, ignore }))],
      ...(fields.length > 0 ? { fields } : {}),
      ignore: list(options['ignoreFields']),
      compare: Object.fromEntries(rules.map((rule) => [text(rule, 'field') ?? '', compareRule(node, rule)])),
      dimensions: dimensions.map(dimension),
      measures: list(node.getNodeParameter('measures', 0, '')),
      ...(cutOff === ''
        ? {}
        : {
            cutOff: {
              field: cutOff,
              window: duration(node, options, ['cutOffWindow', 'Cut-Off Window'], '15m'),
            },
          }),
      // the items are in memory already: moving them elsewhere would save nothing
      memory: '1000GB',
    },
  }
}

function compareRule(node: IExecuteFunctions, rule: DataRecord): CompareRuleEntry {
  const tolerance = number(rule, 'tolerance') ?? 0
  const percent = number(rule, 'percent') ?? 0
  const within = duration(node, rule, ['within', 'Time Tolerance'], '')
  const decimals = number(rule, 'decimals') ?? -1
  const alike = flag(rule, 'emptyAlike') ?? false
  return {
    ...(tolerance > 0 ? { tolerance } : {}),
    ...(percent > 0 ? { relative: `${percent}%` } : {}),
    ...(within === '' ? {} : { within }),
    ...(decimals >= 0 ? { decimals } : {}),
    ignore: words(rule, 'ignore', ['case', 'space', 'order']),
    ...(alike ? { alike: ['absent', null, 'empty'] } : {}),
  }
}

function dimension(row: DataRecord): DimensionEntry {
  const field = text(row, 'field') ?? ''
  const by = text(row, 'by')
  return by === 'year' || by === 'month' || by === 'day' ? { field, by } : { field }
}
