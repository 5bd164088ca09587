import { makeHome } from '../../../bench/lib/n8n/home'
import { N8N_FOLDER, n8nMissing } from '../../../bench/lib/n8n/place'
import { N8nServer } from '../../../bench/lib/n8n/server'
import { TARBALL } from '../../support/hosts-setup'

export type N8n = () => N8nServer

/** Tests that start an n8n themselves, with the package of this path. Without n8n they are skipped, in CI they fail. */
export function describePackage(title: string, tests: (tarball: string) => void): void {
  const missing = n8nMissing()
  if (missing === undefined)
    describe(title, () => {
      tests(process.env[TARBALL] ?? '')
    })
  else
    test(`${title}: skipped because ${missing}`, () => {
      expect(process.env['CI']).toBeUndefined()
    })
}

/** Tests in a real n8n, the present one or that of another folder, with the package installed from its tarball. */
export function describeN8n(title: string, tests: (n8n: N8n) => void, folder = N8N_FOLDER): void {
  describePackage(title, (tarball) => {
    let server: N8nServer | undefined
    beforeAll(async () => {
      server = await N8nServer.start(makeHome(tarball, folder))
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
