import { workflow } from '../../../bench/lib/n8n/run-data'
import { startGateway } from '../../support/gateway'
import { at, inChromium, panelOf } from './editor-page'
import { START, tieout } from './nodes'
import type { N8n } from './server'

/** From a node without a credential to the receipt of a run. */
export function editorCredentialsSuite(n8n: N8n): void {
  inChromium(n8n, ({ canvas, picture }) => {
    test('a credential is made and tested, a workflow of the gateway chosen and run', async () => {
      const gateway = await startGateway()
      try {
        const nodes = [START, tieout('BulkSync', 'Tieout Bulk Sync', { operation: 'run' })]
        const page = await canvas(workflow('credential', nodes, ['Start > Tieout Bulk Sync']))
        const panel = await panelOf(page, 'Tieout Bulk Sync')
        await panel.getByText('Connect to Tieout Gateway').click()
        const form = page.locator(at('editCredential-modal'))
        const field = (name: string): string => `${at(`parameter-input-${name}`)} input`
        const key = gateway.key()
        await form.locator(field('url')).fill(gateway.url)
        await form.locator(field('apiKey')).fill(`${key}x`)
        await form.locator(at('credential-save-button')).click()
        await form.getByText('Couldn’t connect with these settings').waitFor()
        await form.getByText('More details').click()
        await form.getByText('The gateway does not know these credentials.').waitFor()
        await picture(page, 'credential refused')
        await form.locator(field('apiKey')).fill(key)
        await form.locator(at('credential-save-button')).click()
        await form.waitFor({ state: 'hidden' })

        await panel.locator(at('rlc-input')).click()
        await page.locator(at('rlc-item'), { hasText: 'stock' }).click()
        await panel.locator(at('node-execute-button')).first().click()
        const output = panel.locator(at('output-panel'))
        await output.getByText('Receipt Branch (1 item)').click()
        await output.getByText('succeeded').first().waitFor()
        await picture(page, 'receipt')
      } finally {
        await gateway.close()
      }
    }, 90_000)
  })
}
