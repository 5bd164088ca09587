import type { ErrorEntries } from './entry'

export const files = {} as const satisfies ErrorEntries
