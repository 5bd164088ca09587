import { choiceSetting, flagSetting, namesSetting, textSetting } from '../../shared/core/file-stream/settings'
import { CSV_DEFAULTS, type CsvDialect } from '../../shared/core/format/csv'
import { encodings } from '../../shared/core/format/text'
import type { DataRecord } from '../../shared/core/record/value'

export function dialectOf(settings: DataRecord, use: 'source' | 'target'): CsvDialect {
  const columns = namesSetting(settings, 'columns')
  const quote = textSetting(settings, 'quote') ?? CSV_DEFAULTS.quote
  const nullText = textSetting(settings, 'nullText')
  // with a text of its own for null, nothing between two delimiters is an empty text (as in PostgreSQL's COPY)
  const empty =
    choiceSetting(settings, 'empty', ['null', 'text', 'absent']) ?? (nullText === undefined ? 'null' : 'text')
  const delimiter = textSetting(settings, 'delimiter')
  const encoding = choiceSetting(settings, 'encoding', encodings)
  const absentText = textSetting(settings, 'absentText')
  const formulas =
    choiceSetting(settings, 'formulas', ['escape', 'keep']) ?? (use === 'target' ? 'escape' : 'keep')
  return {
    quote,
    escape: textSetting(settings, 'escape') ?? quote,
    header: flagSetting(settings, 'header') ?? columns === undefined,
    empty,
    formulas,
    unescape: formulas === 'escape',
    eol: choiceSetting(settings, 'eol', ['\n', '\r\n']) ?? CSV_DEFAULTS.eol,
    bom: flagSetting(settings, 'bom') ?? CSV_DEFAULTS.bom,
    ...(columns && { columns }),
    ...(delimiter !== undefined && { delimiter }),
    ...(encoding && { encoding }),
    ...(nullText !== undefined && { nullText }),
    ...(absentText !== undefined && { absentText }),
  }
}
