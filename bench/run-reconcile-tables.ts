import { start } from '../cli/start'

// started as the command line is
start(async () => {
  const { reconcileTables } = await import('./lib/reconcile-tables.ts')
  const [url = '', method = 'push-down'] = process.argv.slice(2)
  return async () => {
    await reconcileTables(url, method)
    return 0
  }
})
