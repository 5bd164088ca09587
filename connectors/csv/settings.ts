import { choice, flag, names, text } from '../../shared/core/settings'
import { CSV_DEFAULTS, type CsvDialect } from '../../shared/core/format/csv'
import { encodings } from '../../shared/core/format/text'
import type { DataRecord } from '../../shared/core/record/value'

export function dialectOf(settings: DataRecord, use: 'source' | 'target'): CsvDialect {
  const columns = names(settings, 'columns')
  const quote = text(settings, 'quote') ?? CSV_DEFAULTS.quote
  const nullText = text(settings, 'nullText')
  // with a text of its own for null, nothing between two delimiters is an empty text (as in PostgreSQL's COPY)
  const empty =
    choice(settings, 'empty', ['null', 'text', 'absent']) ?? (nullText === undefined ? 'null' : 'text')
  const delimiter = text(settings, 'delimiter')
  const encoding = choice(settings, 'encoding', encodings)
  const absentText = text(settings, 'absentText')
  const formulas = choice(settings, 'formulas', ['escape', 'keep']) ?? (use === 'target' ? 'escape' : 'keep')
  return {
    quote,
    escape: text(settings, 'escape') ?? quote,
    header: flag(settings, 'header') ?? columns === undefined,
    empty,
    formulas,
    unescape: formulas === 'escape',
    eol: choice(settings, 'eol', ['\n', '\r\n']) ?? CSV_DEFAULTS.eol,
    bom: flag(settings, 'bom') ?? CSV_DEFAULTS.bom,
    ...(columns && { columns }),
    ...(delimiter !== undefined && { delimiter }),
    ...(encoding && { encoding }),
    ...(nullText !== undefined && { nullText }),
    ...(absentText !== undefined && { absentText }),
  }
}
