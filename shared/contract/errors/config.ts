import type { ErrorEntries } from './entry'

export const config = {} as const satisfies ErrorEntries
