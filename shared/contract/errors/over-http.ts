import { errorEntry, type ErrorCode, type ErrorEntry } from '.'

/**
 * The entry of a code for whoever reads it over HTTP. They have the API, and neither the command line nor the machine of the
 * gateway: a command is the request that does the same, or is left to whoever runs the gateway (`us`).
 */
export function entryOverHttp(code: ErrorCode): ErrorEntry {
  const entry = errorEntry(code)
  const { number, category, owner, causes, steps } = entry
  const ofOperator = OF_OPERATOR.some(([first, last]) => number >= first && number <= last)
  const ofRecords = category === 'data' && number < 5000
  const doer = ({ who, do: what }: ErrorEntry['steps'][number]): ErrorEntry['owner'] =>
    ofOperator && !ofRecords && !inside(who) && !ONLY_AGAIN.test(what) ? 'us' : who
  const mine = ({ who }: { who: ErrorEntry['owner'] }): boolean => who === owner
  const taken = steps.map((step) => ({
    who: doer(step),
    do: requested(step.do),
    verify: checked(step.verify),
  }))
  return {
    ...entry,
    owner: steps.some(mine) && !taken.some(mine) ? 'us' : owner,
    causes: causes.map(({ cause, check }) => ({ cause, check: checked(check) })),
    steps: taken,
  }
}

/** Numbers of what is about connections, files, state and definition of the gateway. */
const OF_OPERATOR: readonly (readonly [first: number, last: number])[] = [
  [1000, 1024],
  [1100, 1299],
  [2000, 4099],
  [5000, 5004],
  [5007, 5008],
  [6015, 6015],
  [6023, 6030],
  [6301, 6301],
  [7007, 7007],
  [7012, 7012],
  [8000, 8001],
  [8003, 8010],
]

function inside(who: ErrorEntry['owner']): boolean {
  return who === 'other-system' || who === 'us'
}

/** Anybody may start a run again. */
const ONLY_AGAIN = /^(Start|Wait|Nothing)\b/

const RUN = 'POST /v1/workflows/{workflow}/runs'
const EXCEPTION = '/v1/exceptions/{exception}'
const REPORT = '/v1/reconciliations/{reconciliation}'

/** Commands and options by the request that does the same; the first that fits counts. */
const REQUESTS: readonly (readonly [command: RegExp, request: string])[] = [
  [/tieout sync <workflow> --approve <hash>, or POST/g, 'POST'],
  [/tieout sync <workflow> --approve <hash>/g, `${RUN} with {"approve":"<hash>"}`],
  [/tieout sync <workflow> --restart/g, `${RUN} with {"restart":true}`],
  [/tieout sync <workflow>/g, `${RUN}, or the same upload again`],
  [/tieout plan <workflow>/g, `${RUN} with {"kind":"plan"}`],
  [/tieout reconcile <workflow>( --json)?/g, `${RUN} with {"kind":"reconcile"}`],
  [/tieout report <id> --format json/g, `GET ${REPORT}`],
  [/tieout report <id>/g, `GET ${REPORT}`],
  [/tieout report <workflow>( --json)?/g, 'GET /v1/workflows/{workflow}/reconciliations'],
  [/tieout sign-off <id>.*/g, `POST ${REPORT}/signature`],
  [/tieout runs show <run>/g, 'GET /v1/runs/{run}'],
  [/tieout runs( <workflow>| --json)?/g, 'GET /v1/runs'],
  [/tieout undo <run>/g, 'POST /v1/runs/{run}/undo'],
  [/tieout exceptions list --records/g, 'GET /v1/exceptions'],
  [/tieout exceptions list/g, 'GET /v1/exceptions/groups'],
  [/tieout exceptions show <id>/g, `GET ${EXCEPTION}`],
  [/tieout exceptions compare <id>/g, `GET ${EXCEPTION}?now=true`],
  [/tieout exceptions retry <id>/g, 'POST /v1/workflows/{workflow}/retries'],
  [/tieout exceptions fix <id> --set( field=value --preview)?/g, `PATCH ${EXCEPTION} with {"fix":{...}}`],
  [/tieout exceptions fix --help/g, 'GET /openapi.json has an example'],
  [/It is not written as field=value or field:=JSON/g, 'It is not an object of fields and their values'],
  [/Write --set field=text.*/g, 'Write {"fix":{"field":"value"}}, with numbers, true and null as in JSON.'],
  [/--group, --code or --state/g, '`group`, `code` or another filter'],
  [/with --restart/g, 'with {"restart":true}'],
  [/tieout feed/g, 'GET /v1/events'],
]

function requested(text: string): string {
  return REQUESTS.reduce((left, [command, request]) => left.replace(command, request), text)
}

/** Of programs on the machine of the gateway. */
const COMMAND = /^(tieout|curl|df|file|gzip|ls|nc|node|nslookup|openssl|quota|ulimit|wc) /

function checked(text: string): string {
  const request = requested(text)
  return COMMAND.test(request) ? `whoever runs the gateway: ${request}` : request
}
