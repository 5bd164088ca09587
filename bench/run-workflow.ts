import { start } from '../cli/start'

// started as the command line is
start(async () => {
  const { syncOnce } = await import('./lib/sync-once.ts')
  const [path = '', workflow = '', state = ':memory:'] = process.argv.slice(2)
  return async () => {
    await syncOnce(path, workflow, state)
    return 0
  }
})
