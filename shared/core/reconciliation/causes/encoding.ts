import { encoder } from '../../format/encode'
import type { Both } from './common/difference'
import { inEveryField, inKey, listed, type CauseRule } from './common/rule'
import { unaccented } from './common/texts'

const utf8 = encoder('utf-8')
const OUTSIDE_ASCII = /[^\u0000-\u007f]/
const OUTSIDE_RUNS = /[^\u0000-\u007f]+/gu
const SAYS: Readonly<Record<string, string>> = {
  misread: 'was written as UTF-8 and read as Windows-1252',
  replaced: 'has characters that were replaced by ? or \uFFFD',
  accents: 'is written without accents',
  form: 'is the same in other normal forms of Unicode',
}

export const encoding: CauseRule = {
  id: 'encoding',
  title: 'Encoding',
  atLeast: 1,
  find: (one) => inEveryField(one, ({ texts }) => (texts ? encodingFaults(texts) : [])),
  says: ({ fields, param }) => {
    const [way = '', side] = param.split(' ')
    return `${listed(fields)}${side === undefined ? '' : ` of the ${side}`} ${SAYS[way] ?? ''}`
  },
  advice: (variant, context) => {
    if (variant.param === 'form')
      return `Bring ${listed(variant.fields)} to normal form NFC where it is written${
        inKey(variant, context) ? '; a key in two forms is two keys' : ''
      }.`
    const [way, side = ''] = variant.param.split(' ')
    if (way === 'accents')
      return `Take ${listed(variant.fields)} from where the accents are kept; a field or a file in ASCII loses them.`
    return (
      `Set the "encoding" of the file or connection that the ${side} is loaded from, and send the records again: ` +
      `what was replaced cannot be brought back.`
    )
  },
}

export function encodingFaults({ source, target }: Both<string>): string[] {
  if (source === target || (!OUTSIDE_ASCII.test(source) && !OUTSIDE_ASCII.test(target))) return []
  if (source.normalize('NFKC') === target.normalize('NFKC')) return ['form']
  if (isMisread(source, target)) return ['misread target']
  if (isMisread(target, source)) return ['misread source']
  if (isReplaced(source, target)) return ['replaced target']
  if (isReplaced(target, source)) return ['replaced source']
  if (unaccented(source) !== unaccented(target)) return []
  return [`accents ${marks(source) < marks(target) ? 'source' : 'target'}`]
}

function marks(text: string): number {
  return text.normalize('NFD').length
}

/** Also when it happened twice. */
function isMisread(text: string, wrong: string): boolean {
  if (!OUTSIDE_ASCII.test(text)) return false
  const once = misread(text)
  return once.toLowerCase() === wrong.toLowerCase() || misread(once) === wrong
}

function misread(text: string): string {
  return new TextDecoder('windows-1252').decode(utf8(text))
}

/** What is outside of ASCII became marks: one for each character, or for each of its bytes. */
function isReplaced(text: string, wrong: string): boolean {
  if (!OUTSIDE_ASCII.test(text) || !/[?\uFFFD]/.test(wrong)) return false
  const pattern = text
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    // one class for a whole run of them, so that no text makes the search try many ways
    .replace(OUTSIDE_RUNS, (run) => `[?\uFFFD${run}]{${Array.from(run).length},${run.length * 4}}`)
  return new RegExp(`^${pattern}$`, 'su').test(wrong)
}
