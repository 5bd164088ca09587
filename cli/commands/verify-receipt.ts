import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { verifyReceipt, type Receipt } from '../../shared/core/bulk-sync/receipt'
import { Fault } from '../../shared/core/fault'
import { parseJson } from '../../shared/core/format/json'
import type { Act, Cli } from '../cli'
import { EXIT } from '../exit'

export function addVerifyReceipt(program: Command, act: Act): void {
  program
    .command('verify-receipt')
    .description('prove that a receipt balances and is unchanged; needs no system and no definition')
    .argument('<receipt>', 'file, or id of a run')
    .action((name: string) =>
      act(async (cli) => {
        const { balanced, problems } = verifyReceipt(await readReceipt(cli, name))
        const text = balanced
          ? 'The receipt balances and is unchanged.'
          : ['The receipt does not hold:', ...problems.map((problem) => `  ${problem}`)].join('\n')
        cli.answer({ balanced, problems }, text)
        return balanced ? EXIT.ok : EXIT.failed
      }),
    )
}

async function readReceipt(cli: Cli, name: string): Promise<unknown> {
  const path = resolve(cli.world.cwd, name)
  const text = (await textOf(path)) ?? (await textOf(cli.runFile(name, 'receipt.json')))
  if (text === undefined) {
    const kept = await receiptOf(cli, name)
    if (kept) return kept
    throw new Fault('RECEIPT_NOT_READABLE', `There is no file ${path} and no run ${name} with a receipt.`, {
      path,
    })
  }
  try {
    return parseJson(text)
  } catch (error) {
    const why = error instanceof Fault ? error.detail : 'not JSON'
    throw new Fault('RECEIPT_NOT_READABLE', `${path}: ${why}.`, { path }, undefined, { cause: error })
  }
}

/** Of a run that left no file, such as one of the gateway; undefined where nothing is known of it here. */
async function receiptOf(cli: Cli, run: string): Promise<Receipt | undefined> {
  if (!existsSync(cli.state)) return undefined
  try {
    return await cli.withWorkspace(async (workspace) => (await workspace.run(run)).receipt)
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

/** Undefined when there is no such file. */
async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}
