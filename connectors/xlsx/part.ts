import { SaxesParser } from 'saxes'
import { Fault } from '../../shared/core/fault'
import { damaged, type Archive } from './archive'

export interface PartHandler {
  /** Names without prefix. */
  open?(name: string, attributes: Readonly<Record<string, string>>): void
  text?(text: string): void
  close?(name: string): void
}

/** Walks through a part of the workbook and gives out, after each piece of it, what `take` has by then. */
export async function* walk<T>(
  archive: Archive,
  file: string,
  part: string,
  handler: PartHandler,
  take: () => T,
): AsyncIterable<T> {
  const parser = new SaxesParser({ position: false, xmlns: false })
  let fault: Fault | undefined
  parser.on('error', (error) => {
    fault ??= damaged(file, new Error(`${part}: ${error.message}`))
  })
  parser.on('doctype', () => {
    fault ??= new Fault('XML_DOCTYPE_REFUSED', `${file}: ${part} has a DOCTYPE`, { file, part })
  })
  parser.on('opentag', ({ name, attributes }) => handler.open?.(local(name), attributes))
  parser.on('closetag', ({ name }) => handler.close?.(local(name)))
  for (const kind of ['text', 'cdata'] as const) parser.on(kind, (text) => handler.text?.(text))
  for await (const text of archive.text(part)) {
    parser.write(text)
    if (fault) throw fault
    yield take()
  }
  parser.close()
  if (fault) throw fault
  yield take()
}

export async function walkWhole(
  archive: Archive,
  file: string,
  part: string,
  handler: PartHandler,
): Promise<void> {
  const pieces = walk(archive, file, part, handler, () => undefined)[Symbol.asyncIterator]()
  while ((await pieces.next()).done !== true);
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
