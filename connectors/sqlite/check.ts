import type { CheckedStream, CheckStep } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import { describeSource } from './read'
import type { Session } from './session'
import { describeTable } from './table'

/** Opens the file, and tries what a run would do with the stream; what is written is rolled back. */
export async function* checkConnection(
  open: () => Session,
  stream: CheckedStream | undefined,
): AsyncGenerator<CheckStep> {
  let session: Session
  try {
    session = open()
  } catch (error) {
    yield failed('open the file', error)
    return
  }
  yield { name: 'open the file', result: 'passed', detail: `${session.file} is a SQLite database` }
  if (!stream) return
  try {
    const name = stream.use === 'source' ? 'read' : 'write nothing'
    const detail = session.guarded(() => (stream.use === 'source' ? readOne : writeNothing)(session, stream))
    yield await Promise.resolve<CheckStep>({ name, result: 'passed', detail })
  } catch (error) {
    yield failed(stream.name, error)
  }
}

function failed(name: string, error: unknown): CheckStep {
  if (!(error instanceof Fault)) throw error
  const { code, detail } = error
  return { name, result: 'failed', detail, fault: { code, detail } }
}

function readOne(session: Session, { name, settings = {} }: CheckedStream): string {
  const { sql, columns } = describeSource(session, { stream: name, settings, key: [] })
  const row = session.row(`SELECT * FROM ${sql} t LIMIT 1`)
  return `${name} has ${columns.length} columns; ${row ? 'a row could be read' : 'it is empty'}`
}

function writeNothing(session: Session, { name }: CheckedStream): string {
  const { sql, columns, primaryKey } = describeTable(session, name)
  session.transaction(() => session.run(`DELETE FROM ${sql} WHERE 0`), 'ROLLBACK')
  return `${name} has ${columns.length} columns, key (${primaryKey.join(', ')}); an empty statement was accepted`
}
