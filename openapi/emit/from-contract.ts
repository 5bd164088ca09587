import { errorEntry } from '../../shared/contract/errors'
import { operations, type Operation } from '../../shared/contract/operations'
import { groups } from '../../shared/contract/operations/groups'
import { answerHeaders, headersOf, version } from '../../shared/contract/operations/headers'
import type { Content, Parameter, Response, ResponseHeader } from '../../shared/contract/operations/operation'
import { problemCodes, problemExample, problemsByStatus } from '../../shared/contract/operations/problems'
import { webhooks } from '../../shared/contract/operations/webhooks'
import { entities } from '../../shared/contract/schemas'
import { as30, as31, type Dialect } from './dialect'
import type {
  Components,
  Document,
  HeaderObject,
  MediaType,
  MediaTypes,
  Method,
  OperationObject,
  ParameterObject,
  PathItem,
  Reference,
  ResponseObject,
  SchemaObject,
} from './model'
import { codesInUse, headerReference, problemResponses } from './problems'
import { recordExample, recordSchemas } from './record-schema'
import { anyMethod, securitySchemes } from './security'

export interface DocumentOptions {
  openapi: '3.1' | '3.0'
  /** Version of the API, YYYY-MM-DD. */
  version: string
  /** A document for one workflow: its name in the paths, the schema of its records in the bodies. */
  workflow?: { name: string; title: string; schema?: SchemaObject }
}

/** The whole table of operations as an OpenAPI document. */
export function fromContract(options: DocumentOptions): Document {
  return new Contract(options).document()
}

const RECORD = '#/components/schemas/Record'

class Contract {
  private readonly is31: boolean
  private readonly dialect: Dialect

  constructor(private readonly options: DocumentOptions) {
    this.is31 = options.openapi === '3.1'
    this.dialect = this.is31 ? as31 : as30
  }

  document(): Document {
    const { workflow, version } = this.options
    return {
      openapi: this.is31 ? '3.1.1' : '3.0.4',
      info: {
        title: workflow ? `Tieout: ${workflow.title}` : 'Tieout',
        version,
        description:
          'Bulk sync, exceptions and reconciliation in one call per job. Every error says who does what next; every request that carries an Idempotency-Key can be sent again.',
        license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      },
      servers: [{ url: 'https://tieout.example.com', description: 'Where your gateway is.' }],
      tags: Object.entries(groups).map(([name, description]) => ({ name, description })),
      security: anyMethod(this.is31),
      paths: this.paths(),
      ...(this.is31 ? { webhooks: this.webhooks() } : {}),
      components: this.components(),
    }
  }

  private paths(): Record<string, PathItem> {
    const paths: Record<string, PathItem> = {}
    for (const [id, operation] of Object.entries(operations)) {
      const path = this.pathOf(operation)
      paths[path] = { ...paths[path], [methodOf(operation)]: this.operation(id, operation) }
    }
    return paths
  }

  private pathOf({ path }: Operation): string {
    const { workflow } = this.options
    return workflow ? path.replace('{workflow}', workflow.name) : path
  }

  private operation(id: string, operation: Operation): OperationObject {
    const { access, deprecated, errors, group, repeat, request, summary, description } = operation
    const parameters = this.parameters(operation)
    const own =
      errors.length === 0 ? '' : `\n\nErrors of its own: ${errors.map((code) => `\`${code}\``).join(', ')}.`
    return {
      operationId: id,
      summary,
      description: `${description}${own}`,
      tags: [group],
      ...(deprecated ? { deprecated: true, 'x-tieout-sunset': deprecated.sunset } : {}),
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(request
        ? {
            requestBody: {
              required: request.required,
              description: request.description,
              content: this.content(request.content),
            },
          }
        : {}),
      responses: this.responses(operation),
      security: access === 'public' ? [] : anyMethod(this.is31, access.scope),
      'x-tieout-repeat': repeat,
      ...(access === 'public' ? {} : { 'x-tieout-scope': access.scope }),
      'x-tieout-errors': problemCodes(operation),
    }
  }

  private parameters({ parameters, access }: Operation): (ParameterObject | Reference)[] {
    const { workflow } = this.options
    const own = parameters.filter(
      ({ name, in: where }) => !(workflow && where === 'path' && name === 'workflow'),
    )
    return [
      ...own.map((parameter) => this.parameter(parameter)),
      ...(access === 'public' ? [] : [{ $ref: `#/components/parameters/${version.name}` }]),
    ]
  }

  private parameter({ schema, ...rest }: Parameter): ParameterObject {
    return { ...rest, schema: this.dialect(schema) }
  }

  private responses(operation: Operation): Record<string, ResponseObject | Reference> {
    const done = Object.entries(operation.responses).map(
      ([status, response]) => [status, this.response(operation, Number(status), response)] as const,
    )
    const problems = [...problemsByStatus(operation).keys()].map(
      (status) => [String(status), { $ref: `#/components/responses/Problem${String(status)}` }] as const,
    )
    const rest = ['default', { $ref: '#/components/responses/Problem' }] as const
    return Object.fromEntries<ResponseObject | Reference>([...done, ...problems, rest])
  }

  private response(operation: Operation, status: number, response: Response): ResponseObject {
    const own = Object.entries(response.headers ?? {}).map(
      ([name, header]) => [name, this.header(header)] as const,
    )
    const common = headersOf(operation, status).map((name) => [name, headerReference(name)] as const)
    return {
      description: response.description,
      headers: Object.fromEntries<HeaderObject | Reference>([...common, ...own]),
      ...(response.content ? { content: this.content(response.content) } : {}),
    }
  }

  private header({ description, schema, example }: ResponseHeader): HeaderObject {
    return { description, schema: this.dialect(schema), example }
  }

  private content(content: Readonly<Record<string, Content>>): MediaTypes {
    return Object.fromEntries(Object.entries(content).map(([type, one]) => [type, this.mediaType(one)]))
  }

  private mediaType({ schema, examples }: Content): MediaType {
    const own = this.options.workflow?.schema
    const written = this.dialect(schema)
    // examples of records are of the example's workflow
    if (own && isRecord(schema))
      return { schema: written, examples: { example: { value: recordExample(own) } } }
    if (own && isRecord(schema['items']))
      return { schema: written, examples: { example: { value: [recordExample(own)] } } }
    if (own && schema['contentMediaType'] !== undefined) return { schema: written }
    return {
      schema: written,
      examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
    }
  }

  private webhooks(): Record<string, PathItem> {
    return Object.fromEntries(
      Object.entries(webhooks).map(([id, { summary, description, headers, content, answers }]) => [
        id,
        {
          post: {
            operationId: `receive${id.charAt(0).toUpperCase()}${id.slice(1)}`,
            summary,
            description,
            tags: ['events'],
            parameters: headers.map((header) => this.parameter(header)),
            requestBody: { required: true, description: summary, content: this.content(content) },
            responses: Object.fromEntries(
              Object.entries(answers).map(([status, description]) => [status, { description }]),
            ),
            security: [],
          },
        },
      ]),
    )
  }

  private components(): Components {
    const codes = codesInUse()
    return {
      schemas: this.schemas(),
      responses: problemResponses(codes),
      parameters: { [version.name]: this.parameter(version) },
      examples: Object.fromEntries(
        codes.map((code) => [code, { summary: errorEntry(code).title, value: problemExample(code) }]),
      ),
      headers: Object.fromEntries(
        Object.entries(answerHeaders).map(([name, header]) => [name, this.header(header)]),
      ),
      securitySchemes: securitySchemes(this.is31),
    }
  }

  private schemas(): Record<string, SchemaObject> {
    const { workflow } = this.options
    const all: Record<string, SchemaObject> = {
      ...Object.fromEntries(Object.entries(entities).map(([name, { schema }]) => [name, schema])),
      ...(workflow?.schema ? recordSchemas(workflow.schema) : {}),
    }
    return Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, this.dialect(schema)]))
  }
}

function methodOf({ method }: Operation): Method {
  switch (method) {
    case 'GET':
      return 'get'
    case 'POST':
      return 'post'
    case 'PUT':
      return 'put'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return 'delete'
  }
}

function isRecord(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && '$ref' in schema && schema.$ref === RECORD
}
