import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckDb } from '../lib/duckdb'
import { tellCost } from '../lib/process'

const VALUES = ['category', 'quantity', 'unit_cost', 'currency', 'updated_at', 'status']
const COLUMNS = `{sku: 'VARCHAR', location: 'VARCHAR', category: 'VARCHAR', quantity: 'BIGINT',
  unit_cost: 'DECIMAL(18,2)', currency: 'VARCHAR', updated_at: 'TIMESTAMP', status: 'VARCHAR'}`

/** DuckDB: both files into tables, a full outer join for what disagrees and in which fields, and totals by group. */
async function main(folder: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'tieout-bench-duckdb-'))
  const db = await openDuckDb({ threads: '2', temp_directory: work, preserve_insertion_order: 'false' })
  const rows = async (sql: string): Promise<Record<string, unknown>[]> => {
    const found = (await db.runAndReadAll(sql)).getRowObjectsJson()
    return Array.isArray(found) ? found.map((row: object) => ({ ...row })) : []
  }
  for (const side of ['a', 'b'])
    await rows(`CREATE TABLE ${side} AS SELECT * FROM read_csv('${join(folder, side)}.csv',
      columns = ${COLUMNS}, header = true, delim = ',', quote = '"', escape = '"', auto_detect = false)`)
  const differs = VALUES.map((column) => `a.${column} IS DISTINCT FROM b.${column}`)
  // a join multiplies keys that come twice: one break for each key
  await rows(`CREATE TABLE breaks AS SELECT DISTINCT coalesce(a.sku, b.sku) AS sku, coalesce(a.location, b.location) AS location,
      CASE WHEN a.sku IS NULL THEN 'a' WHEN b.sku IS NULL THEN 'b' ELSE 'both' END AS kind,
      concat_ws('+', ${VALUES.map((column, i) => `CASE WHEN ${differs[i] ?? ''} THEN '${column}' END`).join(', ')}) AS fields,
      ${VALUES.map((column) => `a.${column} AS a_${column}, b.${column} AS b_${column}`).join(', ')}
    FROM a FULL OUTER JOIN b ON a.sku = b.sku AND a.location = b.location
    WHERE a.sku IS NULL OR b.sku IS NULL OR ${differs.join(' OR ')}`)
  const [counts = {}] = await rows(`SELECT count(*) FILTER (kind = 'both') AS changed,
    count(*) FILTER (kind = 'a') AS a, count(*) FILTER (kind = 'b') AS b FROM breaks`)
  const repeated = async (side: string): Promise<number> => {
    const [row = {}] = await rows(`SELECT coalesce(sum(n - 1), 0) AS n FROM
      (SELECT count(*) AS n FROM ${side} GROUP BY sku, location HAVING count(*) > 1)`)
    return Number(row['n'])
  }
  const totals = (side: string): string => `(SELECT location, category, status, count(*) AS ${side}_rows,
    sum(quantity) AS ${side}_quantity, sum(quantity * unit_cost) AS ${side}_value FROM ${side} GROUP BY ALL)`
  await rows(
    `CREATE TABLE totals AS SELECT * FROM ${totals('a')} FULL OUTER JOIN ${totals('b')} USING (location, category, status)`,
  )
  const [groups = {}] = await rows('SELECT count(*) AS n FROM totals')
  await rows(`COPY breaks TO '${join(work, 'breaks.csv')}' (HEADER)`)
  const found = {
    changed: Number(counts['changed']),
    missingInA: Number(counts['a']),
    missingInB: Number(counts['b']),
    repeatedInA: await repeated('a'),
    repeatedInB: await repeated('b'),
    groups: Number(groups['n']),
  }
  rmSync(work, { recursive: true })
  tellCost({ found })
}

void main(process.argv[2] ?? '')
