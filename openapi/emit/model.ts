/** OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1) and 3.0, as far as the documents need it. */

export interface Document {
  openapi: '3.1.1' | '3.0.4'
  info: { title: string; version: string; description: string; license: { name: string; url: string } }
  servers: readonly { url: string; description: string }[]
  tags: readonly { name: string; description: string }[]
  security: readonly SecurityRequirement[]
  paths: Readonly<Record<string, PathItem>>
  /** From 3.1 on. */
  webhooks?: Readonly<Record<string, PathItem>>
  components: Components
}

export interface Components {
  schemas: Readonly<Record<string, SchemaObject>>
  responses: Readonly<Record<string, ResponseObject>>
  parameters: Readonly<Record<string, ParameterObject>>
  examples: Readonly<Record<string, ExampleObject>>
  headers: Readonly<Record<string, HeaderObject>>
  securitySchemes: Readonly<Record<string, SecurityScheme>>
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
export type PathItem = Partial<Record<Method, OperationObject>>

export interface OperationObject {
  operationId: string
  summary: string
  description: string
  tags: readonly string[]
  deprecated?: true
  parameters?: readonly (ParameterObject | Reference)[]
  requestBody?: { required: boolean; description: string; content: MediaTypes }
  responses: Readonly<Record<string, ResponseObject | Reference>>
  security?: readonly SecurityRequirement[]
  /** What the same request does when it arrives again: safe, idempotent, or with an Idempotency-Key. */
  'x-tieout-repeat'?: 'safe' | 'idempotent' | 'key'
  /** The scope that the key needs. */
  'x-tieout-scope'?: string
  /** Every code of the catalogue that it can answer. */
  'x-tieout-errors'?: readonly string[]
  'x-tieout-sunset'?: string
}

export interface ParameterObject {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description: string
  schema: SchemaObject
  example: unknown
}

export interface ResponseObject {
  description: string
  headers?: Readonly<Record<string, HeaderObject | Reference>>
  content?: MediaTypes
}

export interface HeaderObject {
  description: string
  schema: SchemaObject
  example: unknown
}

export type MediaTypes = Readonly<Record<string, MediaType>>

export interface MediaType {
  schema: SchemaObject
  examples?: Readonly<Record<string, ExampleObject | Reference>>
}

export interface ExampleObject {
  summary?: string
  value: unknown
}

export interface Reference {
  $ref: string
}

export type SchemaObject = Readonly<Record<string, unknown>>

export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

export type SecurityScheme = { description: string } & (
  | { type: 'apiKey'; name: string; in: 'header' }
  | { type: 'http'; scheme: 'basic' | 'bearer' }
  | {
      type: 'oauth2'
      flows: { clientCredentials: { tokenUrl: string; scopes: Readonly<Record<string, string>> } }
    }
  /** From 3.1 on. */
  | { type: 'mutualTLS' }
)
