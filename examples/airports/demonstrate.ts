import { join, relative } from 'node:path'
import { Cli } from '../../cli/cli'
import { EXIT, type ExitCode } from '../../cli/exit'
import { faultText } from '../../cli/print/fault'
import { count } from '../../cli/print/number'
import { reconciliationText } from '../../cli/print/reconciliation'
import { receiptText } from '../../cli/print/receipt'
import { style } from '../../cli/print/style'
import { asFault } from '../../cli/unexpected'
import { processWorld, type World } from '../../cli/world'
import { findingsOf } from './check'
import { serve } from './gateway'
import { explainExceptions } from './inbox'
import { FOLDER, prepare } from './prepare'
import { reconcile } from './reconcile'
import { CALLS_PER_SECOND, RegistryApi } from './registry-api'
import { sync } from './sync'
import { callsText, exceptionsText, troublesText } from './texts'

/** Any that is free. */
const PORT = 0

/** Ends well when the registry holds exactly what it should. */
export async function demonstrate(): Promise<ExitCode> {
  const world = processWorld()
  const registry = new RegistryApi()
  const url = await registry.start()
  try {
    return await tell(world, registry, url)
  } catch (error) {
    world.err.write(`${faultText(asFault(error), style(world.err, world.env))}\n`)
    return EXIT.failed
  } finally {
    await registry.stop()
  }
}

async function tell(world: World, registry: RegistryApi, url: string): Promise<ExitCode> {
  const marks = style(world.out, world.env)
  const say = (...lines: string[]): void => {
    world.out.write(`${lines.join('\n')}\n\n`)
  }
  const airports = await prepare({ url, token: registry.token })
  const config = join(FOLDER, 'tieout.yaml')
  const cli = new Cli(world, { config })

  say(marks.strong(`Tieout brings ${count(airports.length)} airports from a file into a registry`))
  say(
    `  from  the OurAirports list: ${join(FOLDER, 'airports.json')}, in which every value is text`,
    `  to    a registry reached over HTTP, which this example starts at ${url}`,
    `        It takes ${CALLS_PER_SECOND} calls a second, is down for a moment and loses an answer.`,
    `  how   ${config}`,
  )

  say(marks.strong('1. First run'))
  const first = await sync(cli, registry)
  say(receiptText(first.receipt, first.files, marks))
  say(troublesText(first.log))

  say(marks.strong('2. What needs a person'))
  say(exceptionsText(await explainExceptions(cli), first.workflow))

  say(marks.strong('3. Second run, nothing has changed'))
  const second = await sync(cli, registry)
  say(receiptText(second.receipt, second.files, marks))
  say(
    `The registry got ${count(second.log.writeCalls)} calls in this run; in the first it got ${count(first.log.writeCalls)}.`,
  )

  say(marks.strong('4. What other people say: the registry against the OpenFlights list'))
  const { reconciliation, page } = await reconcile(cli)
  say(reconciliationText(reconciliation, [], marks))
  say('The same as a page to read, print and sign; open it in a browser:', `  ${page}`)

  say(marks.strong('5. Does it hold? The books of the registry against the file'))
  const findings = findingsOf(airports, registry.held, { first, second })
  say(...findings.map(({ holds, text }) => `  ${holds ? marks.good('yes') : marks.bad('NO ')}  ${text}`))
  say(
    'Check a receipt yourself:',
    `  npm run -s tieout -- verify-receipt ${relative(world.cwd, first.files.receipt)}`,
  )

  say(marks.strong('6. The same over HTTP: the gateway'))
  const gateway = await serve(cli, PORT)
  say(callsText(gateway.url, gateway.calls))
  await gateway.close()
  say('Start it yourself:', `  npm run -s tieout -- -c ${config} serve`)
  return findings.every(({ holds }) => holds) ? EXIT.ok : EXIT.failed
}
