import type { ErrorEntries } from './entry'

export const auth = {} as const satisfies ErrorEntries
