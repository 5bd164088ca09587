import type { ErrorEntries } from './entry'

export const network = {} as const satisfies ErrorEntries
