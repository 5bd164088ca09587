import type { DataRecord } from '../../../../shared/core/record/value'

/** A kind of target. `open` makes one that is empty. */
export interface Kind {
  name: string
  /** Whether a repeated write is answered as the first time, or only does no harm. */
  repeats: 'recognised' | 'harmless'
  open(folder: string): Promise<OpenTarget>
}

export interface OpenTarget {
  /** The connection `to` of the definition, and what stands in the workflow's target beside its name. */
  connection: Record<string, unknown>
  stream: string
  /** Every record in it, also doubled ones. */
  content(): Promise<readonly DataRecord[]>
  /** Puts back what it holds now. What is in the folder of the definition is put back by the caller. */
  save(): Promise<() => Promise<void>>
  /** How often each record was really written since the last `save`d state was put back, where it counts. */
  writes?: ReadonlyMap<string, number>
  close(): Promise<void>
}
