import type { service } from '../../shared/contract/operations/service'
import { errors, isErrorCode, type ErrorCode } from '../../shared/contract/errors'
import { Fault } from '../../shared/core/fault'
import type { Answer, Handlers } from '../call'
import { diagnose } from '../diagnostics'
import { entryView, errorCsv, errorListPage, errorPage } from '../dictionary'
import { preferred } from '../negotiate'
import { needed } from './parameter'

export interface ServiceFacts {
  version: string
  apiVersion: string
  openApi: () => Promise<object>
  openApi30: () => Promise<object>
}

const FORMS = ['application/json', 'text/html', 'text/csv'] as const

export function serviceHandlers(facts: ServiceFacts): Handlers<keyof typeof service> {
  return {
    getService: ({ baseUrl, received }) =>
      json({
        name: 'Tieout gateway',
        version: facts.version,
        apiVersion: facts.apiVersion,
        time: new Date(received).toISOString(),
        links: {
          openapi: `${baseUrl}/openapi.json`,
          errors: `${baseUrl}/errors`,
          token: `${baseUrl}/oauth/token`,
          diagnostics: `${baseUrl}/v1/diagnostics`,
        },
      }),
    getHealth: () => json({ status: 'up' }),
    getDiagnostics: async (call) => json(await diagnose(call)),
    postDiagnostics: async (call) => json(await diagnose(call)),
    listErrors: (call) => {
      const codes = Object.keys(errors)
        .filter(isErrorCode)
        .sort((one, other) => errors[one].number - errors[other].number)
      const form = preferred(call.headers['accept'], FORMS)
      if (form === 'text/html') return page(errorListPage(codes, call.baseUrl))
      if (form === 'text/csv') return bytes('text/csv; charset=utf-8', errorCsv(codes))
      return json({ items: codes.map(entryView) })
    },
    getError: (call) => {
      const code = codeOf(needed(call, 'code'))
      return preferred(call.headers['accept'], FORMS) === 'text/html'
        ? page(errorPage(code, call.baseUrl))
        : json(entryView(code))
    },
    getOpenApi: async ({ baseUrl }) => json(servedAt(baseUrl, await facts.openApi())),
    getOpenApi30: async ({ baseUrl }) => json(servedAt(baseUrl, await facts.openApi30())),
  }
}

/** Importers take the address of calls from the document. */
function servedAt(baseUrl: string, document: object): object {
  return { ...document, servers: [{ url: baseUrl }] }
}

/** By its name or number. @throws Fault ERROR_UNKNOWN */
function codeOf(text: string): ErrorCode {
  const code = Object.keys(errors)
    .filter(isErrorCode)
    .find((one) => one === text || String(errors[one].number) === text)
  if (code === undefined) throw new Fault('ERROR_UNKNOWN', `There is no code ${text}.`, { code: text })
  return code
}

function json(value: object): Promise<Answer> {
  return Promise.resolve({ status: 200, content: { json: value } })
}

function page(html: string): Promise<Answer> {
  return bytes('text/html; charset=utf-8', html)
}

function bytes(mediaType: string, text: string): Promise<Answer> {
  return Promise.resolve({ status: 200, content: { mediaType, bytes: Buffer.from(text) } })
}
