#!/usr/bin/env -S node --max-semi-space-size=8
import { start } from './start'

start(async () => {
  const { main } = await import('./main.ts')
  const { processWorld } = await import('./world.ts')
  return () => main(process.argv.slice(2), processWorld())
})
