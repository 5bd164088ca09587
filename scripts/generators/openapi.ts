import { writeFile } from 'node:fs/promises'
import { fromContract } from '../../openapi/emit/from-contract'
import { write } from '../../openapi/emit/write'
import { VERSIONS } from '../../shared/contract/versions'

const FILES = { '3.1': 'openapi/openapi.json', '3.0': 'openapi/openapi-3.0.json' } as const

/** The OpenAPI documents that the gateway serves. */
export async function openApi(): Promise<string> {
  await writeFile(FILES['3.1'], write(fromContract({ openapi: '3.1', version: VERSIONS[0] })))
  await writeFile(FILES['3.0'], write(fromContract({ openapi: '3.0', version: VERSIONS[0] })))
  return Object.values(FILES).join(' ')
}
