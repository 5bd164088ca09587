import { hostname } from 'node:os'
import { getProxyForUrl } from 'proxy-from-env'
import { errorEntry } from '../../shared/contract/errors'
import type { CheckStep } from '../../shared/core/connector'
import { WHO } from '../print/fault'

/** What the network team needs, to be sent to them as it is. No key and no password is in it. */
export function ticketText(url: string, steps: readonly CheckStep[], now: Date): string {
  const { host, port, protocol } = new URL(url)
  const proxy = getProxyForUrl(url)
  const to = port === '' ? `${host}:${protocol === 'https:' ? '443' : '80'}` : host
  const broken = steps.filter(({ result }) => result === 'failed')
  const title =
    broken.length === 0
      ? `Calls from ${hostname()} to ${to}: nothing stands in the way`
      : `Calls from ${hostname()} to ${to} fail: ${broken.map(({ name }) => name).join(', ')}`
  return [
    title,
    '',
    `From:  ${hostname()}`,
    `To:    ${to} (${protocol.replace(':', '')})`,
    `Proxy: ${proxy === '' ? 'none' : new URL(proxy).host}`,
    `Time:  ${now.toISOString()}`,
    '',
    'What was tried:',
    ...steps.map(({ name, result, detail }) => `- ${RESULT[result]} ${name}: ${detail}`),
    ...broken.flatMap(asked),
    '',
  ].join('\n')
}

const RESULT: Readonly<Record<CheckStep['result'], string>> = {
  passed: 'passed  ',
  failed: 'FAILED  ',
  notDone: 'not done',
}

function asked({ name, fault }: CheckStep): string[] {
  if (!fault) return []
  const { title, causes, steps, owner } = errorEntry(fault.code)
  return [
    '',
    `${name}: ${title} (${fault.code})`,
    `Can be fixed by: ${WHO[owner]}`,
    ...causes.map(({ cause, check }) => `Possible cause: ${cause}. To check: ${check}`),
    ...steps.map((step) => `Please (${WHO[step.who]}): ${step.do} To verify: ${step.verify}`),
  ]
}
