import { defineConfig } from 'eslint/config'
import ts from 'typescript-eslint'

// The scan of n8n's community packages refuses these, and the core that runs inside n8n must also be testable
// with a fake clock. What they give comes through shared/core/ports.ts instead.
const worldly = [
  'Buffer',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'eval',
  'fetch',
  'Function',
  'global',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
  '__dirname',
  '__filename',
]
const askThePort = 'The core asks the world through a port (shared/core/ports.ts).'

export default defineConfig(
  // assembly/ is AssemblyScript, of which the compiler of TypeScript knows no types
  {
    ignores: [
      '**/dist/',
      'coverage/',
      'shared/generated/',
      'shared/core/**/assembly/',
      '**/*.cjs',
      '**/*.mjs',
    ],
  },
  ts.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['warn', 400],
      '@typescript-eslint/no-unsafe-type-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // numbers and bigints print as people expect; strictTypeChecked wants a String() around each
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['shared/core/**/*.ts', 'shared/contract/**/*.ts', 'connectors/http/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...worldly.map((name) => ({ name, message: askThePort }))],
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: askThePort },
        { object: 'DateTime', property: 'now', message: askThePort },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: askThePort },
      ],
    },
  },
)
