import type { CheckStep } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import { faultText } from './fault'
import type { Style } from './style'

export interface CheckedConnection {
  connection: string
  steps: readonly CheckStep[]
}

export function checkText(connections: readonly CheckedConnection[], marks: Style): string {
  return connections.map((checked) => connectionText(checked, marks)).join('\n\n')
}

function connectionText({ connection, steps }: CheckedConnection, marks: Style): string {
  const lines = steps.map(({ name, result, detail }) => `  ${sign(result, marks)} ${name}: ${detail}`)
  for (const { fault } of steps) {
    if (fault) lines.push('', faultText(new Fault(fault.code, fault.detail), marks))
  }
  return [marks.strong(connection), ...lines].join('\n')
}

function sign(result: CheckStep['result'], { good, bad, faint }: Style): string {
  switch (result) {
    case 'passed':
      return good('passed  ')
    case 'failed':
      return bad('FAILED  ')
    case 'notDone':
      return faint('not done')
  }
}
