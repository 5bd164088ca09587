// A service that repeats all it gets, in what it refuses: values that exist nowhere else are sent to it, then everything that
// was written or printed is searched for them.
import { readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { portOf } from '../../bench/lib/port'
import { parseJson } from '../../shared/core/format/json'
import { isList, isObject, textOf } from '../../shared/core/record/value'
import { commandLine } from '../support/command-line'
import { folderWith } from '../support/folder'

const TOKEN = 'TokCanary-"9f+/=1'
/** As it is read, and as it is sent. */
const VALUES = [
  'Zebediah',
  'Quilling',
  "O'Quack",
  '07.03.1961',
  '1961-03-07',
  '61512',
  '61.5',
  'zeb.quill@',
  'Canaryville',
  'TagCanary',
  'TokCanary',
  'JoinedCanary',
]
const KEY = 'ID-Zeb'

const definition = (url: string): string => `tieout: 1
connections:
  files: { connector: csv }
  api:
    connector: http
    baseUrl: ${url}
    proxy: none
    auth: { type: bearer, token: '\${API_TOKEN}' }
    streams:
      patients: { write: { path: '/\${HOW}?signature=\${API_TOKEN}', results: { at: results, status: status }, upsert: {} } }
workflows:
  patients:
    key: id
    schema:
      type: object
      $defs: { mail: { type: string, personal: true } }
      properties:
        id: { type: string, personal: true }
        name: { type: string, personal: true }
        born: { type: string, format: date, personal: true }
        weight: { type: number, personal: true }
        mail: { $ref: '#/$defs/mail' }
        joined: { $ref: '#/$defs/mail' }
        address: { type: object, properties: { city: { type: string, personal: true } } }
        tags: { type: array, items: { type: string, personal: true } }
        ward: { type: string }
    source: { connection: files, stream: patients.csv }
    target: { connection: api, stream: patients }
    map:
      name: { template: '{last}, {first}', case: upper }
      born: { from: dob, type: date, format: dd.MM.yyyy }
      weight: { from: grams, factor: 0.001 }
      address.city: city
      tags: { from: tags, split: '|' }
      joined: { from: joined, type: date, format: dd.MM.yyyy }
    sync: { guards: { rejects: off }, retry: { attempts: 1, for: 1s } }
`
const patients = `id,first,last,dob,grams,mail,city,tags,ward,joined
ID-Zeb1,Zebediah,O'Quack,07.03.1961,61512,zeb.quill@example.com,Canaryville,TagCanary1|TagCanary2,A,01.01.2000
ID-Zeb2,Zebediahna,Quillington,07.03.1961,61512,jo.zeb.quill@example.com,Canaryville am See,TagCanary3,B,01.01.2000
ID-Zeb3,Zebediah,Quilling,07.03.1961,61512,zeb.quill@example.com,Canaryville,TagCanary4,B,JoinedCanary-and-more-than-forty-characters
`

/** How the service refuses, by the path that it is called at. */
const REFUSALS: Record<string, (call: { body: string; token: string }) => [number, string, string]> = {
  207: ({ body }) => {
    const records = parseJson(body)
    const [first, second] = isList(records) ? records.filter(isObject) : []
    const refused = { status: 422, message: `no: ${JSON.stringify(first)} ${textOf(first?.['born'])}` }
    const odd = { status: `odd ${textOf(second?.['born'])} ${textOf(second?.['name'])}` }
    return [207, 'application/json', JSON.stringify({ results: second ? [refused, odd] : [refused] })]
  },
  400: ({ body, token }) => [400, 'application/json', JSON.stringify({ error: token, got: body })],
  401: ({ body, token }) => [401, 'text/plain', encodeURIComponent(body) + token],
  403: ({ body, token }) => [403, 'application/json', JSON.stringify({ token, got: parseJson(body) })],
  501: ({ body, token }) => [
    501,
    'text/html',
    `<html><title>${body.replaceAll('"', '&quot;')}</title>${encodeURIComponent(token)}</html>`,
  ],
  302: ({ body, token }) => [302, 'text/plain', encodeURIComponent(body) + token],
}

let server: http.Server
beforeAll(async () => {
  server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const refuse = REFUSALS[new URL(request.url ?? '', 'http://api').pathname.slice(1)]
      const token = `${request.headers.authorization ?? ''} for ${new URL(request.url ?? '', 'http://api').search}`
      const [status, type, text] =
        refuse && body !== '' ? refuse({ body, token }) : [403, 'text/plain', token]
      const location =
        status === 302 ? { location: `http://other.example/${text.replace(/[^ -~]/g, '')}` } : {}
      response.writeHead(status, { 'content-type': type, ...location }).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

const COMMANDS = [
  'plan patients',
  'sync patients',
  'runs',
  'exceptions',
  'exceptions list --records',
  'exceptions show 1',
  'exceptions show 2',
  'exceptions explain 1',
  'exceptions compare 1',
  'exceptions fix 1 --set ward=C --preview',
  'exceptions retry 1',
  'exceptions decide 1 --accept source --preview',
  'feed',
  'doctor',
]

test.each(Object.keys(REFUSALS))(
  'a service that answers with %s shows nobody what it was sent',
  async (how) => {
    const folder = folderWith({
      'tieout.yaml': definition(`http://127.0.0.1:${String(portOf(server))}`),
      'patients.csv': patients,
    })
    const tieout = commandLine(folder.path, { env: { API_TOKEN: TOKEN, HOW: how } })
    const shown: [string, string][] = []
    for (const command of COMMANDS)
      for (const more of [[], ['--json']]) {
        const { out, err } = await tieout(...command.split(' '), ...more)
        shown.push([command, out + err])
      }
    const state = join(folder.path, '.tieout')
    const run = readdirSync(join(state, 'runs'))[0] ?? ''
    for (const more of [[], ['--json']]) {
      const { out, err } = await tieout('runs', 'show', run, ...more)
      shown.push(['runs show', out + err])
    }
    expect((await tieout('exceptions', 'export', '--out', 'export.csv')).exit).toBe(0)
    shown.push(['export', readFileSync(join(folder.path, 'export.csv'), 'utf8')])
    for (const file of readdirSync(join(state, 'runs'), { recursive: true, withFileTypes: true }))
      if (file.isFile()) shown.push([file.name, readFileSync(join(file.parentPath, file.name), 'utf8')])
    const telling = (values: string[], [what, text]: [string, string]): string[] =>
      values
        .filter((value) => text.toLowerCase().includes(value.toLowerCase()))
        .map(
          (value) =>
            `${what} tells ${value}: ${text.slice(Math.max(0, text.indexOf(value) - 200)).slice(0, 400)}`,
        )
    expect(shown.join()).toContain('***')
    expect(shown.flatMap((one) => telling([...VALUES, KEY], one))).toEqual([])

    const db = new DatabaseSync(join(state, 'state.sqlite'))
    const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all()
    const rows = tables.flatMap(({ name }) =>
      db
        .prepare(`SELECT * FROM "${String(name)}"`)
        .all()
        .map((row): [string, string] => [String(name), Object.values(row).join()]),
    )
    db.close()
    expect(rows.flatMap((row) => telling(VALUES, row))).toEqual([])
    folder.remove()
  },
)
