import type { ErrorCode, ErrorEntry } from '../shared/contract/errors'
import { retryableOf, statusOf } from '../shared/contract/errors/answer'
import { entryOverHttp } from '../shared/contract/errors/over-http'

/** The dictionary of errors as its readers want it. */

/** `ErrorEntry` of the contract. */
export function entryView(code: ErrorCode): object {
  const entry = entryOverHttp(code)
  const { number, title, category, owner, causes, steps } = entry
  return {
    code,
    number,
    title,
    category,
    owner,
    status: statusOf(code),
    retryable: retryableOf(entry),
    causes,
    steps,
  }
}

export function errorCsv(codes: readonly ErrorCode[]): string {
  const rows = codes.map((code) => {
    const entry = entryOverHttp(code)
    const { number, title, category, owner, causes, steps } = entry
    return [
      code,
      String(number),
      String(statusOf(code)),
      title,
      category,
      owner,
      retryableOf(entry),
      causes.map(({ cause, check }) => `${cause} (to check: ${check})`).join(' / '),
      steps.map((step) => `${step.who}: ${step.do} (to verify: ${step.verify})`).join(' / '),
    ]
  })
  const header = ['code', 'number', 'status', 'title', 'category', 'owner', 'retryable', 'causes', 'steps']
  return [header, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n') + '\r\n'
}

/** @param baseUrl of links: a proxy may put a path before those of the gateway */
export function errorListPage(codes: readonly ErrorCode[], baseUrl: string): string {
  const list = listOf(baseUrl)
  const rows = codes.map((code) => {
    const { number, title, owner } = entryOverHttp(code)
    return `<tr><td>${String(number)}</td><td><a href="${list}/${code}">${code}</a></td><td>${escapeHtml(title)}</td><td>${WHO[owner]}</td></tr>`
  })
  return layout(
    'Errors',
    `<h1>Errors</h1><p>Also as <a href="${list}" type="application/json">JSON and CSV</a> by the header Accept.</p>
<table><thead><tr><th scope="col">Number</th><th scope="col">Code</th><th scope="col">What it is</th><th scope="col">Who can fix it</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`,
  )
}

export function errorPage(code: ErrorCode, baseUrl: string): string {
  const entry = entryOverHttp(code)
  const causes = entry.causes.map(
    ({ cause, check }) =>
      `<li>${escapeHtml(cause)}<br><span>To check:</span> <code>${escapeHtml(check)}</code></li>`,
  )
  const steps = entry.steps.map(
    (step) =>
      `<li><strong>${WHO[step.who]}:</strong> ${escapeHtml(step.do)}<br><span>To verify:</span> <code>${escapeHtml(step.verify)}</code></li>`,
  )
  return layout(
    code,
    `<p><a href="${listOf(baseUrl)}">All errors</a></p><h1>${escapeHtml(entry.title)}</h1>
<p><code>${code}</code>, number ${String(entry.number)}, status ${String(statusOf(code))}. ${RETRY[retryableOf(entry)]}</p>
<h2>Likely causes</h2><ul>${causes.join('')}</ul><h2>What to do</h2><ol>${steps.join('')}</ol>`,
  )
}

const WHO: Readonly<Record<ErrorEntry['owner'], string>> = {
  you: 'You',
  'your-network-team': 'Your network team',
  'other-system': 'Whoever runs the other system',
  us: 'Whoever runs this gateway',
}

const RETRY: Readonly<Record<ReturnType<typeof retryableOf>, string>> = {
  no: 'Trying again does not help.',
  'same-request': 'The same request, with the same Idempotency-Key, may be sent again.',
  'after-change': 'Trying again helps only after a change.',
  'after-delay': 'Try again later.',
}

function listOf(baseUrl: string): string {
  return escapeHtml(`${baseUrl}/errors`)
}

function layout(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a2330}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d5dbe3;vertical-align:top}
code{background:#f1f4f8;padding:.1rem .3rem;border-radius:3px;overflow-wrap:anywhere}li{margin:.5rem 0}a{color:#0b5cad}li span{color:#536173}
@media (max-width:40rem){thead{display:none}tr,td{display:block}tr{border-bottom:1px solid #d5dbe3;padding:.35rem 0}td{border:0;padding:0}}</style></head><body>${body}</body></html>\n`
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
