import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { nodeTooOld } from './node-version'

/**
 * Runs a program and makes its answer the exit code of the process.
 *
 * @param load imports the program; not called on a Node.js that could not even load it
 */
export function start(load: () => Promise<() => Promise<number>>): void {
  // node:sqlite works and still calls itself experimental; people need not read that with every command
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`)
  })
  const advice = nodeTooOld(process.versions.node)
  if (advice !== undefined) {
    process.stderr.write(`${advice}\n`)
    process.exitCode = 2
    return
  }
  // a nightly run starts often: compiled code is kept between starts (in the system's folder for temporary files)
  enableCompileCache()
  // collect at 2.8 times what is alive: a run must not take a server's memory only because it is there
  setFlagsFromString('--heap-growing-percent=180')
  void load()
    .then((program) => program())
    .then((code) => {
      process.exitCode = code
    })
}
