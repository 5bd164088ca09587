import { start } from '../cli/start'

/** `npm start`: real airports from a file into a registry behind HTTP, twice. */
start(async () => {
  const { demonstrate } = await import('./airports/demonstrate.js')
  return demonstrate
})
