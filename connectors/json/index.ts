import type { Connector } from '../../shared/core/connector'
import { fileConnector } from '../../shared/core/file-stream/connector'
import { choice, text } from '../../shared/core/settings'
import { jsonFileFormat, parseRecordPath } from '../../shared/core/format/json-file'
import { encodings } from '../../shared/core/format/text'
import { spec } from './spec'

export const json: Connector = fileConnector({
  spec,
  endings: ['.json'],
  format: (settings) => {
    const encoding = choice(settings, 'encoding', encodings)
    const path = parseRecordPath(text(settings, 'path') ?? '')
    return jsonFileFormat({ path, ...(encoding && { encoding }) })
  },
})
