import type { DatabaseSync } from 'node:sqlite'

/** Step n takes a database from version n to n + 1. */
export function migrateWith(db: DatabaseSync, steps: readonly string[]): void {
  if (versionOf(db) === steps.length) return
  // asked again inside: another process may be opening the same new file
  db.exec('BEGIN IMMEDIATE')
  for (let step = versionOf(db); step < steps.length; step++) {
    db.exec(`${steps[step] ?? ''} PRAGMA user_version = ${String(step + 1)}`)
  }
  db.exec('COMMIT')
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
}
