// A gateway in a process of its own that kills itself at the first transaction with a certain statement: before it is
// committed, or after.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openGateway } from '../../../gateway/gateway'

const [folder = '', killAt = '', statement = '', ...allowedHosts] = process.argv.slice(2)
let met = false

/* eslint-disable @typescript-eslint/unbound-method -- called with their own `this` below */
const { prepare, exec } = DatabaseSync.prototype
/* eslint-enable @typescript-eslint/unbound-method */

DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql) {
  met ||= sql.startsWith(statement)
  return prepare.call(this, sql)
}

DatabaseSync.prototype.exec = function (this: DatabaseSync, sql) {
  if (sql === 'COMMIT') dieAt('before')
  exec.call(this, sql)
  if (sql === 'COMMIT') dieAt('after')
}

function dieAt(moment: 'before' | 'after'): void {
  if (!met || killAt !== moment) return
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
