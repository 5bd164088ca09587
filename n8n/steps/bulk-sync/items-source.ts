import type { Page, ReadRequest, Source } from '../../../shared/core/connector'
import type { InputRecords } from '../../host/items'

/** The input items as a stream. */
export class ItemsSource implements Source {
  readonly typed = true

  constructor(private readonly input: InputRecords) {}

  async *read({ pageSize, since }: ReadRequest): AsyncGenerator<Page> {
    const { records } = this.input
    for (let at = 0; ; at += pageSize) {
      const rows = records.slice(at, at + pageSize)
      const last = at + pageSize >= records.length
      const page: Page = {
        rows,
        firstRow: at + 1,
        position: String(at + rows.length),
        place: (index) => `item ${at + index}`,
      }
      if (last)
        page.end = {
          complete: since === undefined,
          total: records.length,
          evidence: 'all input items were read',
        }
      yield await Promise.resolve(page)
      if (last) return
    }
  }
}
