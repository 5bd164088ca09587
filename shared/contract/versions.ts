/** Published versions of the API, newest first. A key keeps the one of its first call. */
export const VERSIONS = ['2026-11-23'] as const

/** Header that asks for another than that of the key. */
export const VERSION_HEADER = 'Tieout-Version'
