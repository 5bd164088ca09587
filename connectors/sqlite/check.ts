import type { CheckStep } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import type { Session } from './session'
import { describeTable, type Table } from './table'

/** Opens the file, and tries what a run would do with the stream; what is written is rolled back. */
export async function* checkConnection(
  open: () => Session,
  stream: { name: string; use: 'source' | 'target' } | undefined,
): AsyncGenerator<CheckStep> {
  let session: Session | undefined
  let table: Table | undefined
  const steps: [name: string, work: () => string][] = [
    [
      'open the file',
      () => {
        session = open()
        return `${session.file} is a SQLite database`
      },
    ],
  ]
  if (stream) {
    steps.push([
      `find ${stream.name}`,
      () => {
        table = session && describeTable(session, stream.name)
        return `${stream.name} has ${table?.columns.length ?? 0} columns, key (${table?.primaryKey.join(', ') ?? ''})`
      },
    ])
    steps.push(
      stream.use === 'source'
        ? [
            'read',
            () =>
              session?.row(`SELECT * FROM ${table?.sql ?? ''} LIMIT 1`)
                ? 'a row could be read'
                : 'the table is empty',
          ]
        : ['write nothing', () => writeNothing(session, table)],
    )
  }
  for (const [name, work] of steps) {
    const step = await Promise.resolve(attempt(session, name, work))
    yield step
    if (step.result === 'failed') return
  }
}

function attempt(session: Session | undefined, name: string, work: () => string): CheckStep {
  try {
    return { name, result: 'passed', detail: session ? session.guarded(work) : work() }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { name, result: 'failed', detail: error.detail, fault: { code: error.code, detail: error.detail } }
  }
}

function writeNothing(session: Session | undefined, table: Table | undefined): string {
  const sql = table?.sql ?? ''
  session?.transaction(() => session.run(`INSERT INTO ${sql} SELECT * FROM ${sql} LIMIT 0`))
  return 'an empty insert was made'
}
