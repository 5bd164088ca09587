import { Readable } from 'node:stream'
import { Fault } from '../../shared/core/fault'
import { takesGzip } from '../answer'
import type { Answer, Call, Handler } from '../call'
import type { Limits } from '../limits/limits'
import { preferred } from '../negotiate'
import type { Live, Manifest } from '../records/downloads'
import { formatIn, MEDIA_TYPES, RECORD_TYPES, UPLOAD_FORMATS, type UploadFormat } from '../records/format'
import { rangeOf } from '../records/range'
import { LONGEST_WAIT_SECONDS } from '../settles'
import { needed, numberOf, textOf } from './parameter'
import { callerOf, mayUse } from './rights'
import { workflowIn } from './workflow-in'

/** All records in one answer, or the rest of an answer that broke off. */
export function downloadHandler(limits: Limits): Handler {
  return async (call) => {
    const caller = callerOf(call)
    const { name: workflow } = workflowIn(call)
    const format = formatAsked(call)
    if (call.transport.method === 'HEAD') {
      const bytes = Readable.from([])
      return {
        status: 200,
        headers: { 'accept-ranges': 'bytes' },
        content: { mediaType: typeOf(format), bytes },
      }
    }
    const earlier = await earlierIn(call, workflow)
    if (earlier) return resumed(call, earlier)
    const leave = limits.enter(caller)
    try {
      const asked = {
        workflow,
        format,
        escape: textOf(call, 'escape') !== 'none',
        changedSince: textOf(call, 'changedSince'),
        deleted: textOf(call, 'deleted') !== 'leave-out',
      }
      const live = await caller.tenant.downloads.begin(asked, () => limits.admit(caller))
      void live.whole.finally(leave)
      return fresh(call, live)
    } catch (error) {
      leave()
      throw error
    }
  }
}

/** Counts, checksum and cursor of a download. */
export const exportHandler: Handler = async (call) => {
  const caller = callerOf(call)
  const id = needed(call, 'export')
  const ms = (numberOf(call, 'wait') ?? LONGEST_WAIT_SECONDS) * 1000
  const manifest = await caller.tenant.downloads.manifest(id, { ms, signal: call.signal })
  if (!manifest || !mayUse(caller, manifest.workflow))
    throw new Fault('EXPORT_UNKNOWN', `There is no download ${id} here (any more).`, { export: id })
  const { format, asOf, workflow, ...rest } = manifest
  const recordsUrl = `${call.baseUrl}/v1/workflows/${workflow}/records`
  return {
    status: 200,
    content: {
      json: {
        ...rest,
        workflow,
        asOf: new Date(asOf).toISOString(),
        mediaType: MEDIA_TYPES[format],
        recordsUrl,
      },
    },
  }
}

function fresh(call: Call, { id, request, spool, cursor }: Live): Answer {
  const headers = headersOf(call, { id, cursor, ...request })
  return { status: 200, headers, content: { mediaType: typeOf(request.format), bytes: spool.read() } }
}

/** From where it broke off, or whole where the range is of bytes that were packed. */
function resumed(call: Call, manifest: Manifest): Answer {
  const { downloads } = callerOf(call).tenant
  const { bytes: size, format } = manifest
  const headers = headersOf(call, manifest)
  const mediaType = typeOf(format)
  const range = satisfiable(call.headers['range'], size)
  if (!range) return { status: 200, headers, content: { mediaType, bytes: downloads.bytes(manifest) } }
  const { from, to } = range
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${String(from)}-${String(to)}/${String(size)}` },
    content: { mediaType, bytes: downloads.bytes(manifest, range), length: to - from + 1 },
  }
}

function satisfiable(range: string | undefined, size: number): ReturnType<typeof rangeOf> {
  try {
    return rangeOf(range, size)
  } catch (error) {
    throw Object.assign(error instanceof Fault ? error : new Fault('UNEXPECTED', 'A range was not read.'), {
      headers: { 'content-range': `bytes */${String(size)}` },
    })
  }
}

function headersOf(
  call: Call,
  {
    id,
    workflow,
    format,
    cursor,
  }: Pick<Manifest, 'id' | 'workflow' | 'format'> & { cursor?: string | undefined },
): Record<string, string> {
  return {
    etag: `"${id}${takesGzip(call.headers) ? PACKED : ''}"`,
    'accept-ranges': 'bytes',
    link: `<${call.baseUrl}/v1/exports/${id}>; rel="describedby"`,
    'content-disposition': `attachment; filename="${workflow}.${format}"`,
    ...(cursor === undefined ? {} : { 'tieout-cursor': cursor }),
  }
}

/** Packed bytes are other bytes: ranges are of the plain ones. */
const PACKED = '-gzip'

/** The download that a range is of: If-Range names it, as its ETag did. */
async function earlierIn(call: Call, workflow: string): Promise<Manifest | undefined> {
  const { range, 'if-range': tag } = call.headers
  const id = /^"([0-9a-f]{32})"$/.exec(tag ?? '')?.[1]
  if (range === undefined || id === undefined) return undefined
  const patience = { ms: LONGEST_WAIT_SECONDS * 1000, signal: call.signal }
  const manifest = await callerOf(call).tenant.downloads.manifest(id, patience)
  return manifest?.workflow === workflow ? manifest : undefined
}

/** @throws Fault NOT_ACCEPTABLE */
function formatAsked(call: Call): UploadFormat {
  const named = UPLOAD_FORMATS.find((format) => format === call.parameters['format'])
  const type = named ? MEDIA_TYPES[named] : preferred(call.headers['accept'], RECORD_TYPES)
  const format = type === undefined ? undefined : formatIn(type)
  if (format) return format
  const formats = Object.values(MEDIA_TYPES).join(', ')
  throw new Fault('NOT_ACCEPTABLE', `Records come as ${formats}; ask for one of them.`, { formats })
}

function typeOf(format: UploadFormat): string {
  return `${MEDIA_TYPES[format]}; charset=utf-8`
}
