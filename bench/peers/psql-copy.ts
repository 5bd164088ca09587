import { psql, TABLE } from '../lib/postgres'

const VALUES = ['category', 'quantity', 'unit_cost', 'currency', 'updated_at', 'status']

/** What a careful person writes by hand: `\copy` into a stage, then one upsert of the rows that differ. */
export async function psqlCopy(url: string, file: string): Promise<{ wall: number }> {
  const started = performance.now()
  await psql(
    url,
    `BEGIN;
CREATE TEMP TABLE stage (LIKE ${TABLE}) ON COMMIT DROP;
\\copy stage from '${file}' csv header
INSERT INTO ${TABLE} AS t SELECT DISTINCT ON (sku, location) * FROM stage
ON CONFLICT (sku, location) DO UPDATE SET ${VALUES.map((column) => `${column} = excluded.${column}`).join(', ')}
WHERE (${VALUES.map((column) => `t.${column}`).join(', ')})
  IS DISTINCT FROM (${VALUES.map((column) => `excluded.${column}`).join(', ')});
COMMIT;
`,
  )
  return { wall: (performance.now() - started) / 1000 }
}
