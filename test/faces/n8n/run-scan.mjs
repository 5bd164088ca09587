// n8n's own package scan, offline: its function, with its file patterns, over the tarball and the source. It loads its
// own eslint, which jest's module loader cannot, so it runs in a process of its own. Prints the findings as JSON.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [scanner, packed, source] = process.argv.slice(2)
const module = join(scanner, 'node_modules/@n8n/scan-community-package/scanner/scanner.mjs')
const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(pathToFileURL(module))
const findings = [
  await analyzePackage(packed, ['**/*.js', 'package.json']),
  await analyzePackage(source, SOURCE_FILE_PATTERNS),
].map(({ passed, message, details }) => ({ passed, message, details }))
console.log(JSON.stringify(findings))
