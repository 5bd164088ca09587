import type { DataRecord } from '../record/value'

/** Fields of all records, in the order of their first appearance: what the header of a table must have. */
export async function unionOfFields(records: () => AsyncIterable<readonly DataRecord[]>): Promise<string[]> {
  const names = new Set<string>()
  for await (const batch of records()) for (const record of batch) for (const name in record) names.add(name)
  return [...names]
}
