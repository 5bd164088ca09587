import type { Connector } from '../../shared/core/connector'
import { fileConnector } from '../../shared/core/file-stream/connector'
import { choice } from '../../shared/core/settings'
import { ndjsonFormat } from '../../shared/core/format/ndjson'
import { encodings } from '../../shared/core/format/text'
import { spec } from './spec'

export const ndjson: Connector = fileConnector({
  spec,
  endings: ['.ndjson', '.jsonl'],
  format: (settings) => {
    const encoding = choice(settings, 'encoding', encodings)
    return ndjsonFormat(encoding ? { encoding } : {})
  },
})
