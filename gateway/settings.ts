import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import Ajv2020 from 'ajv/dist/2020'
import { IANAZone } from 'luxon'
import { parse } from 'yaml'
import { hasCode } from '../shared/adapters/definition/system-error'
import { milliseconds } from '../shared/core/definition/units'
import { Fault } from '../shared/core/fault'
import { readKeySet } from './access/outside-tokens'
import type { IssuerSettings } from './access/settings'
import { DEFAULT_POLICIES, type Hours, type Policy } from './limits/policy'

/** Name of the file beside the definition. */
export const SETTINGS_FILE = 'gateway.yaml'

/** What the operator decides beyond the options of `tieout serve`. */
export interface GatewaySettings {
  issuers: readonly IssuerSettings[]
  policies: readonly Policy[]
}

interface Written {
  issuers?: Readonly<Record<string, Omit<IssuerSettings, 'name'>>>
  limits?: Readonly<Record<string, WrittenLimit | false>>
}

interface WrittenLimit {
  unit: Policy['unit']
  quota: number
  window?: string
  burst?: number
  /** `22:00-06:00 Europe/Berlin` */
  hours?: string
}

const TIME = '([01]\\d|2[0-3]):[0-5]\\d'
const text = { type: 'string', minLength: 1 }
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    issuers: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['issuer', 'jwks', 'audience', 'algorithms', 'claim'],
        properties: {
          issuer: text,
          jwks: text,
          audience: text,
          // never `none`, never a shared secret: a public key would serve as one
          algorithms: {
            type: 'array',
            minItems: 1,
            items: { type: 'string', pattern: '^((RS|PS|ES)(256|384|512)|EdDSA)$' },
          },
          claim: text,
        },
      },
    },
    limits: {
      type: 'object',
      additionalProperties: {
        anyOf: [
          { const: false },
          {
            type: 'object',
            additionalProperties: false,
            required: ['unit', 'quota'],
            properties: {
              unit: { enum: ['requests', 'records', 'content-bytes', 'concurrent-requests'] },
              quota: { type: 'integer', minimum: 0 },
              burst: { type: 'integer', minimum: 0 },
              window: { type: 'string', pattern: '^[1-9]\\d{0,5}[smhd]$' },
              hours: { type: 'string', pattern: `^${TIME}-${TIME} [\\w/+-]+$` },
            },
          },
        ],
      },
    },
  },
}
const validate = new Ajv2020({ allErrors: true }).compile<Written>(SCHEMA)

/** Of the file, where there is one. @throws Fault GATEWAY_SETTINGS_INVALID */
export async function readSettings(path: string): Promise<GatewaySettings> {
  const written = await writtenIn(path)
  const issuers = Object.entries(written.issuers ?? {}).map(([name, issuer]) => ({
    ...issuer,
    name,
    jwks: /^https?:/.test(issuer.jwks) ? issuer.jwks : resolve(dirname(path), issuer.jwks),
  }))
  for (const { name, jwks } of issuers)
    if (!/^https?:/.test(jwks) && !(await readKeySet(jwks)))
      throw invalid(path, `issuers.${name}.jwks: ${jwks} is not there, or is not a key set (JSON with keys)`)
  return { issuers, policies: policiesOf(written.limits ?? {}, path) }
}

async function writtenIn(path: string): Promise<Written> {
  let settings: unknown
  try {
    settings = parse(await readFile(path, 'utf8')) ?? {}
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return {}
    throw invalid(path, 'it cannot be read as YAML')
  }
  if (validate(settings)) return settings
  const problems = (validate.errors ?? []).map(({ instancePath, message = '', params }) => {
    const extra: unknown = params['additionalProperty']
    return `${instancePath.slice(1).replaceAll('/', '.')} ${message}${typeof extra === 'string' ? `: ${extra}` : ''}`
  })
  throw invalid(path, problems.map((problem) => problem.trim()).join('; '))
}

/** Those of the file in place of the usual ones of the same name; `false` takes one away. */
function policiesOf(limits: NonNullable<Written['limits']>, path: string): Policy[] {
  const written = Object.entries(limits).flatMap(([name, limit]) =>
    limit === false ? [] : [policyOf(name, limit, path)],
  )
  return [...DEFAULT_POLICIES.filter(({ name }) => !Object.hasOwn(limits, name)), ...written]
}

function policyOf(name: string, { unit, quota, burst, window, hours }: WrittenLimit, path: string): Policy {
  const usual = unit === 'concurrent-requests' ? '0s' : unit === 'requests' ? '1m' : '1d'
  return {
    name,
    unit,
    quota,
    windowSeconds: milliseconds(window ?? usual) / 1000,
    ...(burst === undefined ? {} : { burst }),
    ...(hours === undefined ? {} : { hours: hoursOf(hours, path) }),
  }
}

function hoursOf(written: string, path: string): Hours {
  const [span = '', zone = ''] = written.split(' ')
  const [from = '', to = ''] = span.split('-')
  if (!IANAZone.isValidZone(zone)) throw invalid(path, `${zone} is no time zone such as Europe/Berlin`)
  return { from, to, zone }
}

function invalid(path: string, why: string): Fault {
  return new Fault('GATEWAY_SETTINGS_INVALID', `${path}: ${why}.`, { path, why })
}
