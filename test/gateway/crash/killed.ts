// A gateway in a process of its own that kills itself at the first effect that keeps its answer: before the transaction
// is committed, or after.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openGateway } from '../../../gateway/gateway'

const [folder = '', killAt = '', ...allowedHosts] = process.argv.slice(2)
let kept = false

/* eslint-disable @typescript-eslint/unbound-method -- called with their own `this` below */
const { prepare, exec } = DatabaseSync.prototype
/* eslint-enable @typescript-eslint/unbound-method */

DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql) {
  kept ||= sql.startsWith('INSERT INTO answer')
  return prepare.call(this, sql)
}

DatabaseSync.prototype.exec = function (this: DatabaseSync, sql) {
  if (sql === 'COMMIT') dieAt('before')
  exec.call(this, sql)
  if (sql === 'COMMIT') dieAt('after')
}

function dieAt(moment: 'before' | 'after'): void {
  if (!kept || killAt !== moment) return
  process.kill(process.pid, 'SIGKILL')
  // nothing more may happen, even if the signal were late
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

async function serve(): Promise<void> {
  const config = join(folder, 'tieout.yaml')
  const { app } = await openGateway({ config, env: {}, allowedHosts, say: () => undefined })
  process.stdout.write(await app.listen({ host: '127.0.0.1', port: 0 }))
}

void serve()
