// Puts beside the compiled code what it reads at run time and tsc does not emit: pages, icons, SQL, sample data.
import { cpSync, globSync } from 'node:fs'
import { join } from 'node:path'

const assets = globSync('{shared,connectors,gateway,cli,openapi,bench,examples}/**/*.*', {
  // what is in assembly/ is compiled by npm run generate
  exclude: ['**/*.ts', '**/*.md', '**/assembly/**'],
})
for (const file of assets) cpSync(file, join('dist', file))
