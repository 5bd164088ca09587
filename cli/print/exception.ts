import type { Exception } from '../../shared/core/exceptions/exception'
import type { ExceptionView } from '../../shared/core/exceptions/inbox'
import type { FeedEvent } from '../../shared/core/feed'
import {
  isList,
  isObject,
  isScalar,
  textOf,
  type DataRecord,
  type Value,
} from '../../shared/core/record/value'
import { recordText, titleOf } from './exceptions'
import { WHO } from './fault'
import { changeText } from './fix'
import { count, time } from './number'
import type { Style } from './style'

/** One exception for a person who has to decide on it without asking anyone else. */
export function exceptionText({ exception, meaning, history }: ExceptionView, marks: Style): string {
  const { id, workflow, last, attempts } = exception
  const { strong } = marks
  const lines = [
    `${strong(`Exception ${String(id)}`)}: ${workflow}, ${recordText(exception)}: ${stateText(exception, marks)}`,
    '',
    strong('What happened'),
    `  ${last.message === '' ? '(emptied by the retention)' : last.message}`,
    `  ${last.code}${titleOf(last.code)}`,
    `  at ${last.place}, ${stageText(last)}${last.pointer === undefined ? '' : `, field ${last.pointer.slice(1)}`}`,
    `  in ${attempts === 1 ? '1 run' : `${count(attempts)} runs`}, first ${time(exception.firstSeen)}, last ${time(exception.lastSeen)} UTC (run ${last.run})`,
    ...organised(exception),
  ]
  if (meaning) {
    lines.push('', strong('Likely causes'))
    for (const { cause, check } of meaning.causes) lines.push(`  - ${cause}`, `    check: ${check}`)
    lines.push('', strong('What to do'))
    for (const [at, step] of meaning.steps.entries())
      lines.push(`  ${String(at + 1)}. ${WHO[step.who]}: ${step.do}`, `     check: ${step.verify}`)
  }
  lines.push(...records(exception, marks))
  lines.push('', strong('History (UTC)'), ...history.map(eventLine))
  lines.push('', `Version ${String(exception.version)}`)
  return lines.join('\n')
}

function stateText({ state, ignored, resolution }: Exception, { good, bad }: Style): string {
  switch (state) {
    case 'open':
      return bad('open')
    case 'resolved':
      return good(`resolved: ${resolution?.evidence ?? ''}`)
    case 'ignored': {
      const until = ignored?.until === undefined ? '' : ` until ${time(ignored.until)}`
      const unchanged = ignored?.whileHash === undefined ? '' : ' while unchanged'
      return `ignored${until}${unchanged}: ${ignored?.reason ?? ''}`
    }
    case 'expired':
      return `expired: ${resolution?.evidence ?? ''}`
  }
}

function organised({ due, assignee, tags }: Exception): string[] {
  const parts = [
    ...(due === undefined ? [] : [`due ${time(due)} UTC`]),
    ...(assignee === undefined ? [] : [`with ${assignee}`]),
    ...(tags.length === 0 ? [] : [`tags: ${tags.join(', ')}`]),
  ]
  return parts.length === 0 ? [] : [`  ${parts.join('; ')}`]
}

/** The record as it was read, as it was sent, as the target held it, where they are known: a column each. */
function records({ last }: Exception, { strong, faint }: Style): string[] {
  const columns = [
    { name: 'source', record: last.record },
    { name: 'sent', record: last.sent },
    { name: 'target', record: last.target },
  ].flatMap(({ name, record }) => (record === undefined ? [] : [{ name, record }]))
  const fields = [...new Set(columns.flatMap(({ record }) => Object.keys(record)))]
  if (fields.length === 0) return []
  const width = Math.max(...fields.map((field) => field.length))
  const lines = fields.map((field) => {
    const texts = columns.map(({ name, record }) => `${faint(`${name}:`)} ${valueText(record, field)}`)
    const [first = ''] = columns.map(({ record }) => valueText(record, field))
    const alike = columns.every(({ record }) => valueText(record, field) === first)
    return `  ${field.padEnd(width)}  ${alike ? first : texts.join('  ')}`
  })
  return ['', strong(`Record (${columns.map(({ name }) => name).join(', ')})`), ...lines]
}

/** Absent, null and '' look different. */
function valueText(record: DataRecord, field: string): string {
  const value: Value | undefined = Object.hasOwn(record, field) ? record[field] : undefined
  if (value === undefined) return '(absent)'
  if (value === null) return 'null'
  return typeof value === 'string' || !isScalar(value) ? JSON.stringify(value) : textOf(value)
}

function eventLine({ at, who, type, facts }: FeedEvent): string {
  const told = [
    'decision',
    'changes',
    'comment',
    'evidence',
    'reason',
    'until',
    'to',
    'add',
    'remove',
    'message',
  ].flatMap((name) => {
    const value = facts[name]
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return []
    if (name === 'until') return [`until ${time(Number(value))}`]
    if (name === 'changes') return changesOf(value)
    return [name === 'to' && type === 'exception.due' ? time(Number(value)) : textOf(value)]
  })
  return `  ${time(at)}  ${who}: ${type.replace(/^(exception|break)\./, '').replace('-', ' ')}${told.length === 0 ? '' : `: ${told.join('; ')}`}`
}

function changesOf(value: Value): string[] {
  const changes = isList(value) ? value.filter(isObject) : []
  return changes.map(({ field, from, to }) => changeText({ field: textOf(field), from, to }))
}

function stageText({ stage, operation }: Exception['last']): string {
  return operation === 'delete' ? 'when it was to be deleted' : STAGE[stage]
}

const STAGE: Readonly<Record<Exception['last']['stage'], string>> = {
  read: 'when it was read',
  map: 'when it was mapped',
  validate: 'when it was checked',
  write: 'when it was written',
  reconcile: 'when both sides were compared',
}
