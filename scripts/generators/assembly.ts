import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const FROM = 'shared/core/reconciliation/byte-scan/assembly/index.ts'
const TO = 'shared/generated/byte-scan.ts'
const OPTIONS = [
  '-O3',
  '--noAssert',
  // memory that is given back, and nothing that collects it
  ...['--runtime', 'minimal'],
  // nothing is imported: what cannot be traps
  ...['--use', 'abort='],
  ...['--enable', 'simd'],
  ...['--bindings', 'raw'],
]

/** The code that touches every byte, compiled from AssemblyScript to WebAssembly. */
export async function assembly(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tieout-assembly-'))
  try {
    const compiled = join(folder, 'byte-scan.wasm')
    const compiler = require.resolve('assemblyscript/bin/asc.js')
    await promisify(execFile)(process.execPath, [compiler, FROM, '-o', compiled, ...OPTIONS])
    const code = (await readFile(compiled)).toString('base64')
    const types = await readFile(join(folder, 'byte-scan.d.ts'), 'utf8')
    await writeFile(TO, fileOf(types, code))
  } finally {
    await rm(folder, { recursive: true })
  }
  return TO
}

function fileOf(types: string, code: string): string {
  const functions = Array.from(
    types.matchAll(/^ {2}export function (.*?);?$/gm),
    ([, signature]) => signature,
  )
  return [
    `// Made by npm run generate from ${FROM}. Do not edit.`,
    '',
    'export interface ByteScanExports {',
    '  readonly memory: { readonly buffer: ArrayBuffer }',
    ...functions.map((signature) => `  ${signature ?? ''}`),
    '}',
    '',
    '/** The module in base64. */',
    `export const BYTE_SCAN =\n  '${code}'`,
    '',
  ].join('\n')
}
