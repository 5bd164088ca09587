/** Filled in with the mapping language; see docs/mapping.md. */
export type MappingDefinition = Readonly<Record<string, unknown>>
