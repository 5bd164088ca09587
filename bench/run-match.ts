import { start } from '../cli/start'

// started as the command line is
start(async () => {
  const { matchOnce } = await import('./lib/match-once.ts')
  const [folder = '', memory = ''] = process.argv.slice(2)
  return async () => {
    await matchOnce(folder, Number(memory) * 1024 * 1024)
    return 0
  }
})
