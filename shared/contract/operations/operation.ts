import type { ErrorCode } from '../errors'

/**
 * One operation of the gateway, as plain data: the gateway mounts its route from it, the typed client and every
 * printed format (OpenAPI, RAML, Boomi profiles, reference) come from it.
 */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Parameters in braces, such as `/v1/workflows/{workflow}/runs`. */
  path: string
  group: Group
  /** A verb and an object; then what it does and when one uses it. */
  summary: string
  description: string
  access: Access
  parameters: readonly Parameter[]
  /** Absent: a body is ignored. */
  request?: RequestBody
  /** By status. Problems are not listed here: they follow from `errors`. */
  responses: Readonly<Record<number, Response>>
  /** Codes of the catalogue that this operation can answer, besides those that every operation can. */
  errors: readonly ErrorCode[]
  /**
   * What the same request does when it arrives again.
   * - `safe`: it changes nothing.
   * - `idempotent`: the same effect once, by its nature.
   * - `key`: with an `Idempotency-Key`, the same effect once and the same answer.
   */
  repeat: 'safe' | 'idempotent' | 'key'
  /** Works as before until `sunset`; every answer says so in Deprecation (RFC 9745), Sunset (RFC 8594) and Link. */
  deprecated?: Deprecation
}

export interface Deprecation {
  /** Dates, YYYY-MM-DD, UTC. `sunset` is at least a year after `since`. */
  since: string
  sunset: string
  /** Path of the operation to use instead. */
  successor: string
}

export type Group =
  'service' | 'workflows' | 'records' | 'runs' | 'exceptions' | 'reconciliations' | 'events' | 'access'

/** Who may call it: anybody, or a key with the scope; `workflow` when it also needs a right to the workflow at hand. */
export type Access = 'public' | { scope: Scope; workflow: boolean }

export const SCOPES = [
  'records:read',
  'records:write',
  'runs:read',
  'runs:write',
  'exceptions:read',
  'exceptions:write',
  'reconciliations:read',
  'reconciliations:write',
  'events:read',
  'access:manage',
] as const

export type Scope = (typeof SCOPES)[number]

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description: string
  schema: Schema
  example: string | number | boolean
}

export interface RequestBody {
  required: boolean
  description: string
  /** By media type. A body that is `streamed` is not read whole before the work begins. */
  content: Readonly<Record<string, Content>>
  streamed?: boolean
}

export interface Response {
  description: string
  headers?: Readonly<Record<string, ResponseHeader>>
  /** By media type; absent: no body. */
  content?: Readonly<Record<string, Content>>
}

export interface ResponseHeader {
  description: string
  schema: Schema
  example: string | number
}

export interface Content {
  schema: Schema
  examples: Readonly<Record<string, unknown>>
}

/** JSON Schema draft 2020-12; `{ $ref: '#/components/schemas/Run' }` names one of `shared/contract/schemas`. */
export type Schema = Readonly<Record<string, unknown>>

/** Keeps the names of a group's operations in its type. */
export function describe<Id extends string>(
  group: Readonly<Record<Id, Operation>>,
): Readonly<Record<Id, Operation>> {
  return group
}
