#!/usr/bin/env node
import { start } from './start'

start(async () => {
  const { main } = await import('./main.js')
  const { processWorld } = await import('./world.js')
  return () => main(process.argv.slice(2), processWorld())
})
