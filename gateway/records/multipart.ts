import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { Fault } from '../../shared/core/fault'

/** A file as it arrives, with what is said of it. */
export interface ArrivingFile {
  bytes: AsyncIterable<Uint8Array>
  /** In lower case, without parameters; '' where nobody said. */
  mediaType: string
  charset: string | undefined
  name: string | undefined
}

const LIMITS = { fields: 100, files: 1, parts: 101, fieldSize: 64 * 1024, headerPairs: 20, headerSize: 8192 }

/**
 * The first file of a form (RFC 7578); its fields are passed over.
 * @throws Fault BODY_EMPTY when there is none, REQUEST_MALFORMED
 */
export async function firstFile(contentType: string, body: AsyncIterable<Uint8Array>): Promise<ArrivingFile> {
  const form = openForm(contentType)
  const found = new Promise<ArrivingFile | undefined>((resolve, reject) => {
    form.on('file', (_field, stream, name, _encoding, type) => {
      resolve({ bytes: checked(stream, fed), ...typeOf(type), name })
    })
    form.on('finish', () => {
      resolve(undefined)
    })
    form.on('error', (error) => {
      reject(malformed(error))
    })
  })
  const fed = feed(form, body)
  // whoever reads the file hears of it; until then it must not end the process
  fed.catch(() => undefined)
  const file = await Promise.race([found, fed.then(() => found)])
  if (file) return file
  throw new Fault('BODY_EMPTY', 'The form has no file part; give the part a file name.')
}

function openForm(contentType: string): BusboyInstance {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS })
  } catch (error) {
    throw malformed(error)
  }
}

async function feed(form: BusboyInstance, body: AsyncIterable<Uint8Array>): Promise<void> {
  let broken: unknown
  form.on('error', (error) => {
    broken = error
  })
  try {
    for await (const chunk of body) {
      if (broken !== undefined) throw malformed(broken)
      if (!form.write(chunk)) await Promise.race([once(form, 'drain'), once(form, 'close')])
    }
    form.end()
  } catch (error) {
    form.destroy()
    throw error
  }
}

/** Ends well only if the whole form did. */
async function* checked(stream: Readable, fed: Promise<void>): AsyncGenerator<Uint8Array> {
  fed.catch((error: unknown) => stream.destroy(error instanceof Error ? error : undefined))
  const chunks: AsyncIterable<unknown> = stream
  try {
    for await (const chunk of chunks) if (chunk instanceof Uint8Array) yield chunk
  } catch (error) {
    throw error instanceof Fault ? error : malformed(error)
  }
  await fed
}

function typeOf(contentType: string): Pick<ArrivingFile, 'mediaType' | 'charset'> {
  const [mediaType = '', ...parameters] = contentType.split(';')
  const charset = parameters.map((text) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(text)?.[1])
  return {
    mediaType: mediaType.trim().toLowerCase(),
    charset: charset.find((name) => name !== undefined)?.toLowerCase(),
  }
}

function malformed(error: unknown): Fault {
  const why = error instanceof Error ? error.message : 'it ends early'
  return new Fault('REQUEST_MALFORMED', `The form cannot be read: ${why}.`, { why })
}
