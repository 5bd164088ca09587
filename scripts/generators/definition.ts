import { writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import schema from '../../shared/contract/definition.schema.json'
import { declarations } from './types'

const FROM = 'shared/contract/definition.schema.json'
const TO = 'shared/generated/definition.ts'

/** Types of the definition file as people write it. */
export async function definitionTypes(): Promise<string> {
  const text = [
    `// Made from ${FROM} by npm run generate. Do not edit.`,
    "import type { MappingDefinition } from '../core/mapping/definition'",
    "import type { DataRecord, Value } from '../core/record/value'",
    '',
    declarations('DefinitionFile', schema, [
      'DefinitionFile',
      'WorkflowEntry',
      'SyncEntry',
      'LimitEntry',
      'ReconcileEntry',
      'MatchRuleEntry',
      'KeyFieldEntry',
      'CompareRuleEntry',
      'DimensionEntry',
      'MeasureEntry',
      'ExceptionsEntry',
    ]),
  ].join('\n')
  await writeFile(TO, await format(text, { ...(await resolveConfig(TO)), parser: 'typescript' }))
  return TO
}
