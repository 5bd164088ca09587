// Writes everything that is made from the contract. `npm run check:generated` fails when a result differs
// from what is committed.
import { apiPage } from './generators/api'
import { assembly } from './generators/assembly'
import { clientTypes } from './generators/client-types'
import { definitionTypes } from './generators/definition'
import { openApi } from './generators/openapi'
import { reference } from './generators/reference'

/** One generator: writes its files and says in one line what it wrote. */
type Generator = () => Promise<string>

const generators: readonly Generator[] = [definitionTypes, clientTypes, openApi, apiPage, reference, assembly]

async function main(): Promise<void> {
  for (const generate of generators) console.log(await generate())
}

void main()
