import { databaseSpec } from '../../shared/core/database/spec'

export const spec = databaseSpec({
  name: 'postgres',
  title: 'PostgreSQL',
  summary: 'Reads and writes tables of PostgreSQL 14 and later; reads the result of a query.',
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      url: {
        type: 'string',
        title: 'URL',
        description: 'postgres://user:password@host:5432/database, instead of the five settings that follow',
        secret: true,
      },
      host: { type: 'string', title: 'Host', description: 'Name or address of the server' },
      port: { type: 'integer', title: 'Port', description: 'Default 5432', minimum: 1, maximum: 65535 },
      database: { type: 'string', title: 'Database', description: 'Name of the database' },
      user: { type: 'string', title: 'User', description: 'Role that logs in' },
      password: { type: 'string', title: 'Password', description: 'Password of the user', secret: true },
      ssl: {
        type: 'object',
        title: 'Encryption',
        description: 'How the connection is encrypted and whom it trusts',
        additionalProperties: false,
        properties: {
          mode: {
            type: 'string',
            title: 'Mode',
            description:
              'disable, require (encrypt, trust anybody), verify-ca or verify-full. Default verify-full, and disable for this machine',
            enum: ['disable', 'require', 'verify-ca', 'verify-full'],
          },
          ca: { type: 'string', title: 'Authorities', description: 'PEM file or PEM text to trust' },
          cert: {
            type: 'string',
            title: 'Certificate',
            description: 'PEM file or PEM text of the client certificate',
          },
          key: {
            type: 'string',
            title: 'Private key',
            description: 'PEM file or PEM text of the key of the client certificate',
            secret: true,
          },
        },
      },
      schema: {
        type: 'string',
        title: 'Schema',
        description: 'Where tables are without a schema in their name. Default public',
      },
      applicationName: {
        type: 'string',
        title: 'Application name',
        description: 'Shown in pg_stat_activity. Default tieout',
      },
      statementTimeout: {
        type: 'integer',
        title: 'Statement timeout',
        description: 'Milliseconds that one statement may take. Default 600000',
        minimum: 1000,
      },
    },
  },
  example: `connections:
  shop:
    connector: postgres
    url: \${SHOP_DATABASE_URL}
workflows:
  stock:
    source: { connection: shop, stream: stock }
    target: { connection: shop, stream: stock_copy }
    key: [sku, location]
    sync: { mode: upsert }
`,
})
