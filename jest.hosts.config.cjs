const { globalTeardown: _, ...base } = require('./jest.config.cjs')

// The faces inside the hosts they are made for; `npm run install:n8n` brings n8n.
module.exports = {
  ...base,
  // an n8n takes a core for itself
  maxWorkers: '100%',
  roots: ['<rootDir>/test/faces'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/support/hosts-setup.ts',
}
