// Who may import whom; docs/architecture.md has the reasons. test/house/imports.test.ts plants a violation of
// every rule below and sees it fire.

const EMITTERS = 'mulesoft-raml|boomi-profiles|openapi'
const FACES = `n8n|node-red|gateway|cli|${EMITTERS}`

// Packages without I/O, timers or code made from text: they only compute, so the core stays pure and n8n's
// scan accepts the bundle that holds them. Of xml2js that is the Builder, the only part that is bundled.
const PURE = 'big\\.js|luxon|@marcbachmann/cel-js|@cfworker/json-schema|fastest-levenshtein|saxes|xml2js'

// What a connector may use beyond the core. A system that is not listed gets nothing: it works through ports
// alone, and n8n can bundle it.
const DRIVERS = {
  postgres: ['pg', 'pg-copy-streams'],
  sqlite: ['node:sqlite'],
  xlsx: ['saxes', 'yauzl', 'node:zlib'],
}
const DRIVEN = Object.keys(DRIVERS).join('|')

/** A pattern for the paths that npm packages (types included) and Node's own modules resolve to. */
function packages(names) {
  const builtIns = names.filter((name) => name.startsWith('node:')).map((name) => name.slice('node:'.length))
  const npm = names.filter((name) => !name.startsWith('node:'))
  return [
    ...(npm.length > 0 ? [`node_modules/(@types/)?(${npm.join('|')})/`] : []),
    ...(builtIns.length > 0 ? [`^(node:)?(${builtIns.join('|')})$`] : []),
  ]
}

/** From these files, only these targets. */
function only(name, from, allowed) {
  return { name, severity: 'error', from: { path: from }, to: { pathNot: allowed } }
}

/** From these files, never these targets. */
function never(name, from, to) {
  return { name, severity: 'error', from: { path: from }, to }
}

module.exports = {
  forbidden: [
    only('contract-is-data', '^shared/contract/', ['^shared/contract/']),
    only('core-is-pure', '^shared/core/', ['^shared/(core|contract|generated)/', ...packages([PURE])]),
    never('shared-knows-no-connector-and-no-face', '^shared/', { path: `^(connectors|${FACES})/` }),

    only('pure-connector-needs-only-the-core', `^connectors/(?!(?:${DRIVEN})/)([^/]+)/`, [
      '^shared/(core|contract|generated)/',
      '^connectors/$1/',
    ]),
    ...Object.entries(DRIVERS).map(([system, names]) =>
      only(`connector-${system}-has-its-own-driver-only`, `^connectors/${system}/`, [
        '^shared/(core|contract|generated)/',
        `^connectors/${system}/`,
        ...packages(names),
      ]),
    ),
    only('registry-lists-connectors', '^connectors/[^/]+$', [
      '^shared/(core|contract|generated)/',
      '^connectors/',
    ]),

    only('n8n-imports-only-what-is-pure', '^n8n/', [
      '^n8n/',
      '^shared/(core|contract|generated)/',
      '^connectors/',
      ...packages(['n8n-workflow', 'node:crypto']),
    ]),
    never('n8n-never-reaches-adapters-or-drivers', '^n8n/', {
      path: `^(shared/adapters|connectors/(${DRIVEN}))/`,
      reachable: true,
    }),

    only('emitter-reads-only-the-contract', `^(${EMITTERS})/`, [
      '^$1/',
      '^shared/contract/',
      // the libraries that print RAML and OpenAPI, and Boomi's XML
      ...packages(['yaml', 'xml2js']),
    ]),

    never('faces-do-not-meet', `^(?!cli/)(${FACES})/`, { path: `^(${FACES})/`, pathNot: ['^$1/'] }),
    // `tieout emit` hands out what the emitters print, `tieout serve` starts the gateway; apart from that the command
    // line is a face like others
    never('cli-meets-only-emitters-and-gateway', '^cli/', {
      path: `^(${FACES})/`,
      pathNot: [`^(cli|gateway|${EMITTERS})/`],
    }),
    never('nothing-imports-test', '^(?!test/)', { path: '^test/' }),
    never('no-cycles', '.', { circular: true }),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // an import of a type alone is still knowledge of the other room
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // our own build only: npm packages keep their code in a dist folder too and must stay visible
    exclude: { path: '^(n8n/|node-red/)?dist/' },
  },
}
