import { interleave, median, print } from './lib/comparison'
import { withPostgres } from './lib/database'
import { psql } from './lib/postgres'
import { runScript, type Cost } from './lib/process'
import { SOURCE_TABLE, TARGET_TABLE } from './lib/reconcile-tables'

const BENCH = 'reconcile-postgres'

/**
 * Two tables of one server, 0.1 % of whose rows disagree, reconciled with totals by three dimensions: pushed down, against
 * reading both sides and comparing record by record.
 */
export async function reconcilePostgres(rows = 1_000_000, rounds = 3): Promise<void> {
  await withPostgres(async (url) => {
    await psql(url, tables(rows))
    const costs = await interleave(rounds, {
      records: () => runScript('run-reconcile-tables.js', [url, 'records']),
      pushDown: () => runScript('run-reconcile-tables.js', [url, 'push-down']),
    })
    const findings = new Set(Object.values(costs).flatMap((all) => all.map(({ facts }) => facts['found'])))
    if (findings.size !== 1) throw new Error(`the results differ: ${[...findings].join(' ')}`)
    const peer = 'both sides streamed, record by record'
    const of = (name: string, metric: 'wall' | 'cpu' | 'peak'): number =>
      median((costs[name] ?? []).map((cost: Cost) => cost[metric]))
    for (const metric of ['wall', 'cpu', 'peak'] as const)
      print({ bench: BENCH, peer, rows, metric, ours: of('pushDown', metric), theirs: of('records', metric) })
  })
}

/** Of every 1,000 rows of the target, at places that do not line up with anything, one is other, missing or new. */
function tables(rows: number): string {
  const columns = `sku text, location text, category text, quantity bigint, unit_cost numeric(18,2), currency text,
    updated_at timestamptz, status text, PRIMARY KEY (sku, location)`
  const noise = '((r + 1)::bigint * 2654435761 % 4294967296)'
  return `DROP TABLE IF EXISTS ${SOURCE_TABLE}, ${TARGET_TABLE};
    CREATE TABLE ${SOURCE_TABLE} (${columns}); CREATE TABLE ${TARGET_TABLE} (${columns});
    INSERT INTO ${SOURCE_TABLE} SELECT 'SKU-' || lpad((r / 50)::text, 7, '0'), 'WH-' || lpad((r % 50)::text, 3, '0'),
      (ARRAY['Beverage', 'Dairy', 'Frozen, mixed', 'Produce', 'Bakery', 'Household', 'Apparel', 'Toys'])[1 + r / 50 % 8],
      noise % 10000, (noise / 128 % 500000)::numeric / 100, (ARRAY['USD', 'EUR', 'GBP', 'CAD'])[1 + r % 4],
      timestamptz '2026-01-01Z' + noise % 25000000 * interval '1 second',
      (ARRAY['active', 'active', 'active', 'hold', 'discontinued'])[1 + noise % 5]
      FROM (SELECT r, ${noise} AS noise FROM generate_series(0, ${rows - 1}) r) made;
    INSERT INTO ${TARGET_TABLE} SELECT sku || CASE WHEN place = 0 AND kind = 0 THEN '-X' ELSE '' END, location, category,
      quantity + CASE WHEN place = 0 AND kind > 1 THEN 1 ELSE 0 END, unit_cost, currency, updated_at, status
      FROM (SELECT s.*, abs(hashtext(sku || location)) % 1000 AS place, abs(hashtext(location || sku)) % 10 AS kind
            FROM ${SOURCE_TABLE} s) made WHERE NOT (place = 0 AND kind = 1);
    VACUUM ANALYZE ${SOURCE_TABLE}; VACUUM ANALYZE ${TARGET_TABLE}; CHECKPOINT;`
}
