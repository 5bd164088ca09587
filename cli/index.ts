#!/usr/bin/env node
import { nodeTooOld } from './node-version'

// node:sqlite works and still calls itself experimental; people need not read that with every command
process.removeAllListeners('warning')
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`)
})

async function start(): Promise<number> {
  const advice = nodeTooOld(process.versions.node)
  if (advice !== undefined) {
    process.stderr.write(`${advice}\n`)
    return 2
  }
  // only now: an older Node.js cannot even load what follows
  const { main } = await import('./main.js')
  const { processWorld } = await import('./world.js')
  return main(process.argv.slice(2), processWorld())
}

void start().then((code) => {
  process.exitCode = code
})
