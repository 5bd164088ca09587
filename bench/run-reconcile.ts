import { start } from '../cli/start'

// started as the command line is
start(async () => {
  const { reconcileOnce } = await import('./lib/reconcile-once.ts')
  const [path = '', workflow = '', state = ':memory:'] = process.argv.slice(2)
  return async () => {
    await reconcileOnce(path, workflow, state)
    return 0
  }
})
