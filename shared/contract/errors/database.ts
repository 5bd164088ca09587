import type { ErrorEntries } from './entry'

export const database = {} as const satisfies ErrorEntries
