import type { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../core/fault'

/** Step n takes a database from version n to n + 1. */
export function migrateWith(db: DatabaseSync, steps: readonly string[]): void {
  const version = versionOf(db)
  if (version === steps.length) return
  if (version > steps.length) throw newer(db, version, steps.length)
  // asked again inside: another process may be opening the same new file
  db.exec('BEGIN IMMEDIATE')
  for (let step = versionOf(db); step < steps.length; step++) {
    db.exec(`${steps[step] ?? ''} PRAGMA user_version = ${String(step + 1)}`)
  }
  db.exec('COMMIT')
}

/** What a newer version keeps, and what it means, is not known here. */
function newer(db: DatabaseSync, version: number, known: number): Fault {
  const file = db.location() ?? ':memory:'
  const detail = `${file} has the form ${String(version)}; this Tieout knows forms up to ${String(known)}.`
  return new Fault('STORE_NEWER', detail, { file, version, known })
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
}
