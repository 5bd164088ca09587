import type {
  CheckedStream,
  Connection,
  ConnectionContext,
  Connector,
  ConnectorSpec,
  StreamInfo,
} from '../connector'
import type { Format } from '../format/format'
import type { DataRecord } from '../record/value'
import { checkSource, checkTarget } from './check'
import { assertOneFile, pathOf } from './path'
import { sample } from './sample'
import { text } from '../settings'
import { FileSource } from './source'
import { FileTarget } from './target'

export interface FileKind {
  spec: ConnectorSpec
  /** Endings of file names that `streams` lists, such as `.csv`. */
  endings: readonly string[]
  /** The format as the settings describe it; those of the workflow come over those of the connection. */
  format(settings: DataRecord, use: 'source' | 'target'): Format
}

/** A connector for files of one format. */
export function fileConnector(kind: FileKind): Connector {
  return { spec: kind.spec, open: (context) => Promise.resolve(new FileConnection(kind, context)) }
}

class FileConnection implements Connection {
  private readonly targets: FileTarget[] = []

  constructor(
    private readonly kind: FileKind,
    private readonly context: ConnectionContext,
  ) {}

  async streams(): Promise<StreamInfo[]> {
    const { files } = this.context.ports
    const endings = this.kind.endings.flatMap((ending) => [ending, `${ending}.gz`]).join(',')
    const infos = await files.list(this.path(`*{${endings}}`))
    const streams: StreamInfo[] = []
    for (const info of infos) {
      const schema = await sample(files, this.format({}, 'source'), info.path)
      streams.push({ name: info.path.replace(/^.*[\\/]/, ''), ...schema })
    }
    return streams
  }

  source(request: { stream: string; settings: DataRecord }): Promise<FileSource> {
    const format = this.format(request.settings, 'source')
    return Promise.resolve(new FileSource(this.context.ports, format, this.path(request.stream)))
  }

  target(request: Parameters<Connection['target']>[0]): Promise<FileTarget> {
    const format = this.format(request.settings, 'target')
    const path = this.path(request.stream)
    assertOneFile(path)
    const target = new FileTarget(this.context.ports, format, path, request)
    this.targets.push(target)
    return Promise.resolve(target)
  }

  check(stream?: CheckedStream): ReturnType<Connection['check']> {
    const path = this.path(stream?.name ?? '*')
    const format = this.format(stream?.settings ?? {}, stream?.use ?? 'source')
    return stream?.use === 'target'
      ? checkTarget(this.context.ports, path)
      : checkSource(this.context.ports, format, path, stream !== undefined)
  }

  async close(): Promise<void> {
    for (const target of this.targets) await target.close()
  }

  private path(stream: string): string {
    return pathOf(text(this.context.settings, 'folder'), stream)
  }

  private format(settings: DataRecord, use: 'source' | 'target'): Format {
    return this.kind.format({ ...this.context.settings, ...settings }, use)
  }
}
