import type { Traffic } from './connector'
import type { FileReader, Files } from './ports'

/** The files port of one connection: what is read and written counts in its traffic. */
export function countingFiles(files: Files, traffic: Traffic): Files {
  return {
    list: (pattern) => files.list(pattern),
    text: (path) => files.text(path),
    bytes: (path) => files.bytes(path),
    remove: (path) => files.remove(path),
    locate: (path) => files.locate(path),
    read: (path, start) => counted(files.read(path, start), traffic),
    reader: async (path) => {
      const reader = await files.reader?.(path)
      return reader && countingReader(reader, traffic)
    },
    write: async (path) => {
      const sink = await files.write(path)
      return {
        write: (bytes) => {
          traffic.bytesOut += bytes.length
          return sink.write(bytes)
        },
        commit: () => sink.commit(),
        abort: () => sink.abort(),
      }
    },
  }
}

function countingReader(reader: FileReader, traffic: Traffic): FileReader {
  return {
    read: async (into, at) => {
      const bytes = await reader.read(into, at)
      traffic.bytesIn += bytes
      return bytes
    },
    close: () => reader.close(),
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, traffic: Traffic): AsyncGenerator<Uint8Array> {
  for await (const bytes of chunks) {
    traffic.bytesIn += bytes.length
    yield bytes
  }
}
