import { makeHome } from '../../../bench/lib/n8n/home'
import { N8nServer } from '../../../bench/lib/n8n/server'
import { begin, endsOf, keysOf, OPENED, started, startPolledGateway, trigger } from './polled'

export function killedTriggersSuite(tarball: string): void {
  test('a trigger: what happened before, meanwhile and afterwards is told once', async () => {
    const gateway = await startPolledGateway()
    await gateway.upload('stock', ['A0,-1'])
    const home = makeHome(tarball)
    let server = await N8nServer.start(home)
    try {
      const credentials = await gateway.signIn(server)
      const opened = await begin(server, 'opened', OPENED, credentials)
      // has started nothing when n8n is killed
      const good = await begin(
        server,
        'good',
        trigger('RunTrigger', { statuses: ['succeeded'] }),
        credentials,
      )
      await gateway.upload('stock', ['A1,-1'])
      await started(server, opened, 1)
      await server.stop('SIGKILL')

      await gateway.upload('stock', ['A2,-2', 'A3,-3'])
      await gateway.upload('other', ['A4,4'])
      server = await N8nServer.start(home)
      await started(server, opened, 3)
      await gateway.upload('stock', ['A5,-5'])
      expect(keysOf(await started(server, opened, 4))).toEqual(['["A1"]', '["A2"]', '["A3"]', '["A5"]'])
      expect(endsOf(await started(server, good, 1))).toEqual([['other', 'succeeded']])
    } finally {
      await server.stop('SIGKILL')
      home.remove()
      await gateway.close()
    }
  }, 120_000)
}
