import { parseJson } from '../format/json'
import { isObject } from '../record/value'
import type { Chosen } from './chosen'
import { OriginPicker, type Origin, type OriginOptions, type Picked } from './origin-picker'

export type { Picked } from './origin-picker'

/** Opens the file that was sent to a run, where it is still kept and may be read as what the caller does. */
export type FileOf = (run: string) => Promise<(Origin & { close(): Promise<void> }) | undefined>

export interface PickerOptions extends OriginOptions {
  /** Absent where no files are kept. */
  fileOf?: FileOf | undefined
}

/**
 * Finds chosen records again, each in what it came from: the workflow's own source, or a file that somebody sent, of
 * which only who took it knows.
 */
export class Picker {
  /** Those whose file is not here. */
  readonly lost: Chosen[] = []
  private readonly own: readonly Chosen[]
  private readonly sent = new Map<string, Chosen[]>()
  private readonly ownPicker: OriginPicker

  constructor(
    private readonly options: PickerOptions,
    chosen: readonly Chosen[],
  ) {
    this.own = chosen.filter(({ upload }) => upload === undefined)
    for (const one of chosen) {
      if (one.upload === undefined) continue
      const others = this.sent.get(one.upload)
      if (others) others.push(one)
      else this.sent.set(one.upload, [one])
    }
    this.ownPicker = new OriginPicker(options, this.own)
  }

  /** Rows of the own source that may be any record, because nobody can tell their key. */
  get strangers(): number {
    return this.ownPicker.strangers
  }

  /** Pages may be empty. @param after the `position` of a row that was picked before */
  async *pick(after: string | undefined, signal: AbortSignal): AsyncGenerator<readonly Picked[]> {
    const from = placeOf(after)
    if (from.file === undefined && this.own.length > 0) yield* this.ownPicker.pick(from.after, signal)
    // in an order that is the same for a retry that goes on
    for (const run of [...this.sent.keys()].sort()) {
      if (signal.aborted) return
      if (from.file !== undefined && run < from.file) continue
      yield* this.pickFile(run, run === from.file ? from.after : undefined, signal)
    }
  }

  private async *pickFile(
    run: string,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Picked[]> {
    const { map, key, fileOf } = this.options
    const chosen = this.sent.get(run) ?? []
    const file = await fileOf?.(run)
    if (!file) {
      this.lost.push(...chosen)
      return
    }
    try {
      const picker = new OriginPicker({ ...file, map, key }, chosen)
      for await (const page of picker.pick(after, signal))
        yield page.map((one) => ({
          ...one,
          sentTo: run,
          position: JSON.stringify({ file: run, after: one.position }),
        }))
    } finally {
      await file.close()
    }
  }
}

/** Positions in the own source are lists or texts. */
function placeOf(position: string | undefined): { file?: string; after?: string } {
  const place = position?.startsWith('{') === true ? parseJson(position) : undefined
  if (isObject(place)) {
    const { file, after } = place
    if (typeof file === 'string' && typeof after === 'string') return { file, after }
  }
  return position === undefined ? {} : { after: position }
}
