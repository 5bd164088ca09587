import type { Connector } from '../../shared/core/connector'
import { fileConnector } from '../../shared/core/file-stream/connector'
import { choiceSetting, textSetting } from '../../shared/core/file-stream/settings'
import { jsonFileFormat, parseRecordPath } from '../../shared/core/format/json-file'
import { encodings } from '../../shared/core/format/text'
import { spec } from './spec'

export const json: Connector = fileConnector({
  spec,
  endings: ['.json'],
  format: (settings) => {
    const encoding = choiceSetting(settings, 'encoding', encodings)
    const path = parseRecordPath(textSetting(settings, 'path') ?? '')
    return jsonFileFormat({ path, ...(encoding && { encoding }) })
  },
})
