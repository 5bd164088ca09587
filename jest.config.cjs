const { availableParallelism } = require('node:os')

// Packages that ship only ES modules: jest's own module loader cannot require() them (Node 24 can), so they
// are turned into CommonJS like our own code.
const esmOnly = ['@marcbachmann/cel-js', 'commander', 'jose', 'oauth4webapi', 'openid-client']

// Only transpiles: types are checked by `npm run typecheck`. The options stand here because module must be
// commonjs for these packages too, whatever their package.json says.
const transpile = [
  'ts-jest',
  {
    transpilation: true,
    tsconfig: {
      target: 'es2023',
      module: 'commonjs',
      esModuleInterop: true,
      allowJs: true,
      // here the sources are what is there
      rewriteRelativeImportExtensions: false,
    },
  },
]

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  // those run real hosts, which not everybody has: npm run test:hosts
  testPathIgnorePatterns: ['/node_modules/', '/test/faces/'],
  // tests wait for processes and servers as much as they work
  maxWorkers: Math.max(3, availableParallelism()),
  // looked up in a test's own context they cost more than what is done with them: hashes took three times as long
  sandboxInjectedGlobals: ['Math', 'Number', 'String', 'JSON', 'Array', 'Object'],
  transform: { '\\.[jt]s$': transpile },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  setupFiles: ['<rootDir>/test/support/seed.cjs'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // enough for a database or a child process on a busy machine
  testTimeout: 30_000,
}
