import type { ErrorEntries } from './entry'

export const data = {} as const satisfies ErrorEntries
