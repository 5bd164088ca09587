import type { CheckStep } from '../connector'
import { Fault } from '../fault'
import type { Format } from '../format/format'
import type { Ports } from '../ports'
import { assertOneFile, existing } from './path'
import { firstRecords } from './sample'
import { shownAddress } from '../shown-address'

/** The file is there, can be read, and its first record is one. */
export async function* checkSource(
  { files }: Pick<Ports, 'files'>,
  format: Format,
  path: string,
  named: boolean,
): AsyncIterable<CheckStep> {
  const found = await step('file exists', async () => {
    const infos = named ? await existing(files, path) : await files.list(path)
    return {
      detail: infos.length === 1 ? shownAddress(infos[0]?.path ?? '') : `${infos.length} files`,
      infos,
    }
  })
  yield found.step
  const first = found.value?.infos[0]
  if (!first) return
  const read = await step('file can be read', () => readable(files, first.path))
  yield read.step
  if (!read.value || !named) return
  yield (
    await step('first record', async () => {
      const [record] = await firstRecords(files, format, first.path, 1)
      return { detail: record ? `fields: ${Object.keys(record).join(', ')}` : 'the file has no records' }
    })
  ).step
}

/** The folder takes a file, which is thrown away again; the old file stays as it is. */
export async function* checkTarget({ files }: Pick<Ports, 'files'>, path: string): AsyncIterable<CheckStep> {
  const writable = await step('file can be written', async () => {
    assertOneFile(path)
    const sink = await files.write(path)
    await sink.abort()
    return { detail: `a file beside ${path} was written and removed` }
  })
  yield writable.step
  if (!writable.value) return
  const [old] = await files.list(path)
  if (!old) yield { name: 'old file can be read', result: 'notDone', detail: `${path} does not exist yet` }
  else yield (await step('old file can be read', () => readable(files, path))).step
}

async function readable(files: Ports['files'], path: string): Promise<{ detail: string }> {
  for await (const bytes of files.read(path))
    return { detail: `${bytes.length} bytes read of ${shownAddress(path)}` }
  return { detail: `${shownAddress(path)} is empty` }
}

async function step<T extends { detail: string }>(
  name: string,
  work: () => Promise<T>,
): Promise<{ step: CheckStep; value?: T }> {
  try {
    const value = await work()
    return { step: { name, result: 'passed', detail: value.detail }, value }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { code, detail } = error
    return { step: { name, result: 'failed', detail, fault: { code, detail } } }
  }
}
