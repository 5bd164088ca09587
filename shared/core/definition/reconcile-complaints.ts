import { fieldsAreGiven } from '../reconciliation/fields'
import { propertiesOf, propertyOf } from '../mapping/schema'
import type { MappingDefinition } from '../mapping/definition'
import type { JsonSchema } from '../ports'
import type { CompareRule, MatchRule, ReconcileSettings } from '../reconciliation/settings'
import { isList } from '../record/value'
import type { Complaint } from './finding'
import { didYouMean } from './nearest'
import type { Path } from './path'

interface Around {
  schema: JsonSchema | undefined
  map: MappingDefinition | undefined
  /** Fields that are masked wherever they are shown. */
  personal: readonly string[]
  /** Whether somebody wrote the match rules; else they are the key, of which is told where it stands. */
  given: boolean
}

type Complain = (at: Path, message: string) => void

/** What the schema of the definition cannot say of how a workflow is reconciled. */
export function reconcileComplaints(settings: ReconcileSettings, around: Around, path: Path): Complaint[] {
  const complaints: Complaint[] = []
  const complain: Complain = (at, message) =>
    void complaints.push({ path: [...path, 'reconcile', ...at], message })
  unknownFields(settings, around, complain)
  for (const [i, rule] of settings.match.entries()) ruleComplaints(rule, i, complain)
  for (const [field, rule] of Object.entries(settings.compare))
    compareComplaints(field, rule, settings, around.schema, complain)
  measureComplaints(settings, around.schema, complain)
  personalDimensions(settings, around.personal, complain)
  if (settings.sorted && !fieldsAreGiven({ reconcile: settings, ...around }))
    complain(
      ['sorted'],
      'needs to know what is compared before the first record is read: name it under fields, or give the workflow a schema',
    )
  return complaints
}

/** With a schema, records have no other fields than its own and those that the mapping makes. */
function unknownFields(
  settings: ReconcileSettings,
  { schema, map, given }: Around,
  complain: Complain,
): void {
  const properties = propertiesOf(schema)
  if (!properties) return
  const known = [...Object.keys(properties), ...Object.keys(map ?? {})]
  const check = (at: Path, field: string): void => {
    if (!known.includes(field))
      complain(at, `has the field ${field}, which the schema does not have${didYouMean(field, known)}`)
  }
  for (const [i, { on, sum }] of given ? settings.match.entries() : [])
    for (const field of [...on.map((part) => part.field), ...sum]) check(['match', i], field)
  for (const field of settings.fields ?? []) check(['fields'], field)
  for (const field of Object.keys(settings.compare)) check(['compare'], field)
  for (const { field } of settings.dimensions) check(['dimensions'], field)
  for (const { fields } of settings.measures) for (const field of fields) check(['measures'], field)
}

function ruleComplaints({ on, pairing, sum }: MatchRule, at: number, complain: Complain): void {
  const path = ['match', at]
  const dated = on.filter(({ withinDays }) => withinDays > 0)
  if (dated.length > 0 && at === 0)
    complain(
      path,
      'has withinDays, which only a later rule may have: the first one matches by keys that agree',
    )
  else if (dated.length === on.length) complain(path, 'needs a field that agrees exactly beside withinDays')
  if (dated.length > 1) complain(path, 'has withinDays on two fields; one is possible')
  if (dated.length > 0 && pairing === 'many-to-many')
    complain(path, 'has withinDays and many-to-many, which exclude each other')
  if (pairing === 'one-to-one' && sum.length > 0)
    complain(path, 'has sum, which needs pairing: one-to-many, many-to-one or many-to-many')
  if (pairing !== 'one-to-one' && sum.length === 0)
    complain(path, `is ${pairing} and does not say what to add up, such as sum: [amount]`)
}

function compareComplaints(
  field: string,
  rule: CompareRule,
  { ignore, fields }: ReconcileSettings,
  schema: JsonSchema | undefined,
  complain: Complain,
): void {
  const path = ['compare', field]
  if (ignore.includes(field)) complain(path, 'is not compared at all: ignore names it')
  else if (fields && !fields.includes(field)) complain(path, 'is not compared: fields does not name it')
  const forNumbers = (['tolerance', 'relative', 'decimals', 'factor'] as const).filter(
    (name) => rule[name] !== undefined,
  )
  const types = typesOf(schema, field)
  const [numeric] = forNumbers
  if (numeric !== undefined && types && !types.some((type) => type === 'number' || type === 'integer'))
    complain(path, `has ${numeric}, which needs a number; the schema says ${types.join(' or ')}`)
  if (rule.toleranceMs !== undefined && types && !types.includes('string'))
    complain(path, `has within, which needs a date or time; the schema says ${types.join(' or ')}`)
}

function measureComplaints(
  { measures, dimensions, totals, ignore, fields }: ReconcileSettings,
  schema: JsonSchema | undefined,
  complain: Complain,
): void {
  const names = measures.map(({ name }) => name)
  for (const name of twice(names)) complain(['measures'], `has two measures called ${name}`)
  for (const name of twice(dimensions.map((dimension) => dimension.name)))
    complain(['dimensions'], `has two dimensions called ${name}`)
  for (const name of Object.keys(totals))
    if (!names.includes(name)) complain(['totals', name], `names no measure${didYouMean(name, names)}`)
  for (const field of new Set(measures.flatMap((measure) => measure.fields))) {
    const types = typesOf(schema, field)
    if (types && !types.some((type) => type === 'number' || type === 'integer'))
      complain(['measures'], `adds up ${field}, which the schema says is ${types.join(' or ')}`)
    // records that agree but for this field would make a difference that no break explains
    if (ignore.includes(field)) complain(['measures'], `adds up ${field}, which ignore leaves out`)
    else if (fields && !fields.includes(field))
      complain(['measures'], `adds up ${field}, which is not compared; add it to fields`)
  }
}

function personalDimensions(
  { dimensions }: ReconcileSettings,
  personal: readonly string[],
  complain: Complain,
): void {
  for (const { field } of dimensions)
    if (personal.includes(field))
      complain(
        ['dimensions'],
        `groups by ${field}, which is personal, so totals would show its values; group by a field that is not`,
      )
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))]
}

function typesOf(schema: JsonSchema | undefined, field: string): string[] | undefined {
  const property = propertyOf(schema, field)
  const declared = typeof property === 'object' ? property['type'] : undefined
  if (declared === undefined) return undefined
  const types = isList(declared) ? declared : [declared]
  return types.flatMap((type) => (typeof type === 'string' && type !== 'null' ? [type] : []))
}
