import { buildPackage, makeHome } from '../../../bench/lib/n8n/home'
import { N8N_FOLDER, n8nMissing } from '../../../bench/lib/n8n/place'
import { N8nServer } from '../../../bench/lib/n8n/server'

export type N8n = () => N8nServer

/** Tests in a real n8n, the present one or that of another folder, with the package installed from its tarball. Without n8n they are skipped, in CI they fail. */
export function describeN8n(title: string, tests: (n8n: N8n) => void, folder = N8N_FOLDER): void {
  const missing = n8nMissing()
  if (missing !== undefined) {
    test(`${title}: skipped because ${missing}`, () => {
      expect(process.env['CI']).toBeUndefined()
    })
    return
  }
  describe(title, () => {
    let server: N8nServer | undefined
    beforeAll(async () => {
      server = await N8nServer.start(makeHome(buildPackage(), folder))
    }, 120_000)
    afterAll(async () => {
      await server?.stop()
      server?.home.remove()
    })
    tests(() => {
      if (!server) throw new Error('n8n did not start')
      return server
    })
  })
}
