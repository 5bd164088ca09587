// Builds the package n8n-nodes-tieout into n8n/dist: nodes and credentials file by file, as n8n looks for them, and all
// that they do, with the core, in the one file dist/steps/index.js. With --pack: also the tarball, in n8n/dist-pack.
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'

const folder = resolve(import.meta.dirname, '../n8n')
const from = (pattern, exclude = []) => globSync(pattern, { cwd: folder, exclude })
const shared = {
  absWorkingDir: folder,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  logLevel: 'warning',
}

rmSync(join(folder, 'dist'), { recursive: true, force: true })
await build({
  ...shared,
  entryPoints: from('{nodes,credentials}/**/*.ts'),
  outdir: 'dist',
  outbase: '.',
})
await build({
  ...shared,
  bundle: true,
  entryPoints: ['steps/index.ts'],
  outfile: 'dist/steps/index.js',
  external: ['n8n-workflow'],
  plugins: [{ name: 'without-directives', setup: withoutDirectives }],
  // of xml2js only what prints: its reader needs timers
  alias: { xml2js: 'xml2js/lib/builder.js' },
  logOverride: { 'unsupported-dynamic-import': 'error' },
})
for (const asset of from('{nodes,icons}/**/*.{json,svg}'))
  cpSync(join(folder, asset), join(folder, 'dist', asset))

/** What packages tell their own linter would read as if ours were told to look away; n8n's scan obeys no such comment. */
function withoutDirectives({ onLoad }) {
  onLoad({ filter: /node_modules.*\.[cm]?js$/ }, ({ path }) => ({
    contents: readFileSync(path, 'utf8').replace(/\/\/ eslint-.*|\/\* eslint-[^*]*\*\//g, ''),
  }))
}

if (process.argv.includes('--pack')) {
  const packed = join(folder, 'dist-pack')
  rmSync(packed, { recursive: true, force: true })
  mkdirSync(packed)
  const npm = ['pack', '--ignore-scripts', '--silent', '--pack-destination', packed]
  const name = execFileSync('npm', npm, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  console.log(join(dirname(packed), 'dist-pack', name.trim()))
}
