import { entities, ref } from '../schemas'
import { bytes, entity, POLL } from './content'
import { describe, type Content } from './operation'
import { id, idempotencyKey, prefer, query, workflow } from './parameters'

const csv = 'sku,location,quantity\r\n00042,WH-1,12\r\n'
const formats: Readonly<Record<string, Content>> = {
  'text/csv': bytes(csv),
  'application/x-ndjson': bytes('{"sku":"00042","location":"WH-1","quantity":12}\n'),
  'application/json': {
    schema: { type: 'array', items: ref('Record') },
    examples: { example: [entities.Record.example] },
  },
  'application/xml': bytes(
    '<records><record><sku>00042</sku><location>WH-1</location><quantity>12</quantity></record></records>',
  ),
}
const format = query(
  'format',
  'Instead of `Accept`, for clients that cannot set headers.',
  { type: 'string', enum: ['csv', 'ndjson', 'json', 'xml'] },
  'csv',
)
const escape = query(
  'escape',
  '`none` leaves texts that a spreadsheet would take for formulas as they are.',
  { type: 'string', enum: ['formulas', 'none'], default: 'formulas' },
  'none',
)

export const records = describe({
  downloadRecords: {
    method: 'GET',
    path: '/v1/workflows/{workflow}/records',
    group: 'records',
    summary: 'Download all records of a workflow in one call',
    description:
      'Everything a nightly job needs in one answer: the records as the workflow maps them, in the format of `Accept`, compressed where `Accept-Encoding` allows it. With `changedSince` only what changed or disappeared since an earlier download. A broken download goes on with Range and If-Range. It counts with its records and bytes once it is made, and is never cut off by its own size.',
    access: { scope: 'records:read', workflow: true },
    parameters: [
      workflow,
      format,
      escape,
      query(
        'changedSince',
        'The cursor of an earlier download (header `Tieout-Cursor`, `cursor` of its manifest).',
        { type: 'string', maxLength: 512 },
        'YzEuNDI',
      ),
      query(
        'deleted',
        '`include` adds the keys of records that disappeared, marked by `tieout_deleted`.',
        { type: 'string', enum: ['include', 'leave-out'], default: 'include' },
        'include',
      ),
      {
        name: 'Range',
        in: 'header',
        required: false,
        description: 'Bytes of an earlier download to go on with.',
        schema: { type: 'string', maxLength: 128 },
        example: 'bytes=1048576-',
      },
      {
        name: 'If-Range',
        in: 'header',
        required: false,
        description: 'The ETag of that download.',
        schema: { type: 'string', maxLength: 128 },
        example: '"5f0c1d2e"',
      },
    ],
    responses: {
      200: {
        description: 'The records; the manifest says whether they are as of one moment.',
        headers: {
          ETag: {
            description: 'Names this download, for Range.',
            schema: { type: 'string' },
            example: '"5f0c1d2e"',
          },
          'Tieout-Cursor': {
            description: 'For `changedSince` of the next download.',
            schema: { type: 'string' },
            example: 'YzEuNDI',
          },
          Link: {
            description: 'The manifest: counts, checksum and cursor.',
            schema: { type: 'string' },
            example: '<https://tieout.example.com/v1/exports/5f0c1d2e>; rel="describedby"',
          },
        },
        content: formats,
      },
      206: { description: 'The bytes asked for by Range.', content: formats },
    },
    errors: ['CURSOR_UNKNOWN', 'CURSOR_EXPIRED', 'EXPORT_UNFINISHED', 'RANGE_NOT_SATISFIABLE'],
    repeat: 'safe',
  },
  getExport: {
    method: 'GET',
    path: '/v1/exports/{export}',
    group: 'records',
    summary: 'Read the manifest of a download',
    description:
      'How many records it has, how many disappeared, its size, its SHA-256 and the cursor for the next.',
    access: { scope: 'records:read', workflow: false },
    parameters: [
      id('export', 'Id of the download, from its ETag or Link.'),
      query(
        'wait',
        'Seconds to wait for the end of a download that is still being made.',
        { type: 'integer', minimum: 0, maximum: 55, default: 55 },
        30,
      ),
    ],
    responses: { 200: { description: 'The manifest.', content: entity('Export') } },
    errors: ['EXPORT_UNKNOWN', 'EXPORT_UNFINISHED'],
    repeat: 'safe',
  },
  uploadRecords: {
    method: 'POST',
    path: '/v1/workflows/{workflow}/records',
    group: 'records',
    summary: 'Upload a whole file; it starts itself',
    description:
      'The file goes through the mapping, validation and change detection of the workflow into its target. Small files are answered with their result, large ones with 202 and a run to follow. Plain, gzip or multipart/form-data (first file part).',
    access: { scope: 'records:write', workflow: true },
    parameters: [
      workflow,
      idempotencyKey,
      prefer,
      query(
        'onPartial',
        '`422` answers with a problem when any record was refused, for platforms that look only at the status.',
        { type: 'string', enum: ['207', '422'], default: '207' },
        '422',
      ),
      query(
        'mode',
        'Overrides the mode of the workflow.',
        { type: 'string', enum: ['append', 'insert-only', 'update-only', 'upsert'] },
        'upsert',
      ),
    ],
    request: {
      required: true,
      streamed: true,
      description: 'The records.',
      content: {
        ...formats,
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
            required: ['file'],
          },
          examples: { example: { file: csv } },
        },
      },
    },
    responses: {
      200: { description: 'Every record was taken.', content: entity('Run') },
      202: { description: 'Taken; the run goes on.', headers: POLL, content: entity('Run') },
      207: {
        description: 'Some records were refused: `hasErrors` is true and `files` tells where they are.',
        content: entity('Run'),
      },
    },
    errors: [
      'BODY_EMPTY',
      'RECORDS_REFUSED',
      'GUARD_REJECTS',
      'RUN_ALREADY_GOING',
      // of which no record could be read
      'HEADER_INVALID',
      'ROW_TOO_LONG',
      'JSON_STRUCTURE_INVALID',
      'JSON_TRUNCATED',
      'XML_INVALID',
      'XML_DOCTYPE_REFUSED',
      'XML_TOO_DEEP',
    ],
    repeat: 'key',
  },
  putRecord: {
    method: 'PUT',
    path: '/v1/workflows/{workflow}/records/{key}',
    group: 'records',
    summary: 'Write one record now',
    description: 'The real-time path: the same mapping, validation and idempotency as a whole file.',
    access: { scope: 'records:write', workflow: true },
    parameters: [
      workflow,
      {
        name: 'key',
        in: 'path',
        required: true,
        description:
          'The key of the record; parts of a composite key are separated by commas, each percent-encoded.',
        schema: { type: 'string', minLength: 1, maxLength: 1024 },
        example: '00042,WH-1',
      },
      idempotencyKey,
    ],
    request: {
      required: true,
      description: 'The record as the source would give it.',
      content: entity('Record'),
    },
    responses: {
      200: { description: 'What became of it.', content: entity('RecordResult') },
    },
    errors: ['VALIDATION_FAILED', 'KEY_MISMATCH', 'RECORDS_REFUSED'],
    repeat: 'key',
  },
})
