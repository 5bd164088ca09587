import { run } from './process'

/** The target table of the benches, emptied or filled before each run, outside the measurement. */
export const TABLE = 'bench_inventory'

const CREATE = `DROP TABLE IF EXISTS ${TABLE}; DROP TABLE IF EXISTS tieout_ledger;
CREATE TABLE ${TABLE} (sku text, location text, category text, quantity bigint, unit_cost numeric(18,2),
  currency text, updated_at timestamptz, status text, PRIMARY KEY (sku, location));`

export async function prepareTable(url: string, fill?: string): Promise<void> {
  const copy = fill === undefined ? '' : `\\copy ${TABLE} from '${fill}' csv header\n`
  await psql(url, `${CREATE}\n${copy}VACUUM ANALYZE ${TABLE};\nCHECKPOINT;\n`)
}

/** Two loads are the same when these are. */
export async function tableState(url: string): Promise<string> {
  const sum = `sum(hashtextextended(concat_ws('|', sku, location, category, quantity, unit_cost, currency,
    extract(epoch FROM updated_at), status), 0)::numeric)`
  return (await psql(url, `SELECT count(*) || ' ' || ${sum} FROM ${TABLE};`)).trim()
}

export function psql(url: string, script: string): Promise<string> {
  return run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', url, '-f', '-'], script)
}
