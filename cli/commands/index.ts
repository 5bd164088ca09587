import type { Command } from 'commander'
import type { Act } from '../cli'

type Add = (program: Command, act: Act) => void

/** In the order of the help. Each brings much with it, so it is loaded only when it is called. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  init: async () => (await import('./init.ts')).addInit,
  validate: async () => (await import('./validate.ts')).addValidate,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
  streams: async () => (await import('./streams.ts')).addStreams,
  plan: async () => (await import('./plan.ts')).addPlan,
  sync: async () => (await import('./sync.ts')).addSync,
  serve: async () => (await import('./serve.ts')).addServe,
  runs: async () => (await import('./runs.ts')).addRuns,
  undo: async () => (await import('./undo.ts')).addUndo,
  reconcile: async () => (await import('./reconcile.ts')).addReconcile,
  report: async () => (await import('./report.ts')).addReport,
  'sign-off': async () => (await import('./sign-off.ts')).addSignOff,
  'verify-receipt': async () => (await import('./verify-receipt.ts')).addVerifyReceipt,
  exceptions: async () => (await import('./exceptions/index.ts')).addExceptions,
  feed: async () => (await import('./feed.ts')).addFeed,
  keys: async () => (await import('./keys/index.ts')).addKeys,
  audit: async () => (await import('./audit/index.ts')).addAudit,
  emit: async () => (await import('./emit.ts')).addEmit,
}

/** The commands that these arguments name; all of them where they name none, for the help and for who mistyped one. */
export function commandsOf(argv: readonly string[]): Promise<Add[]> {
  const named = Object.keys(commands).filter((name) => argv.includes(name))
  const load = (named.length > 0 ? named : Object.keys(commands)).flatMap((name) => commands[name] ?? [])
  return Promise.all(load.map((each) => each()))
}
