import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './process'

/** 70 MB that only a bench needs: installed when it is first asked for, beside the data of the benches. */
const PACKAGE = '@duckdb/node-api'
const VERSION = '1.5.6-r.1'
const folder = join(tmpdir(), 'tieout-bench', `duckdb-${VERSION}`)

export async function installDuckDb(): Promise<void> {
  if (existsSync(join(folder, 'node_modules', PACKAGE))) return
  mkdirSync(folder, { recursive: true })
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, `${PACKAGE}@${VERSION}`])
}

interface DuckDb {
  runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): unknown }>
}

interface Api {
  DuckDBInstance: {
    create(path: string, options: Record<string, string>): Promise<{ connect(): Promise<DuckDb> }>
  }
}

export async function openDuckDb(options: Record<string, string>): Promise<DuckDb> {
  const api: unknown = createRequire(join(folder, 'package.json'))(PACKAGE)
  if (!isApi(api)) throw new Error(`${PACKAGE} is not what it was`)
  const instance = await api.DuckDBInstance.create(':memory:', options)
  return instance.connect()
}

function isApi(value: unknown): value is Api {
  return typeof value === 'object' && value !== null && 'DuckDBInstance' in value
}
