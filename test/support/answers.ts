/** An answer as tests look into it. */
export type Json = Readonly<Record<string, unknown>>

export async function jsonOf(response: { json(): Promise<unknown> }): Promise<Json> {
  return objectIn(await response.json())
}

export function objectIn(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('no JSON object')
  return Object.fromEntries(Object.entries(value))
}

export function itemsIn({ items }: Json): Json[] {
  if (!Array.isArray(items)) throw new TypeError('no items')
  return items.map(objectIn)
}

/** Matchers without the `any` that jest gives them. */
export function containing(words: string): unknown {
  return expect.stringContaining(words)
}

export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
