import type { ErrorEntries } from './entry'

export const limit = {} as const satisfies ErrorEntries
