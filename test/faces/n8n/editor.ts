import { workflow } from '../../../bench/lib/n8n/run-data'
import { at, closePanel, inChromium, nodeOf, panelOf } from './editor-page'
import { items, START, tieout } from './nodes'
import type { N8n } from './server'

/** From the picker to the items. */
export function editorSuite(n8n: N8n): void {
  inChromium(n8n, ({ open, canvas, picture }) => {
    test('the picker finds the nodes by what people look for', async () => {
      const page = await open('/workflow/new')
      const add = `${at('canvas-add-button')}, ${at('node-creator-plus-button')}`
      await page.locator(add).first().click({ timeout: 30_000 })
      const search = page.locator(at('node-creator-search-bar'))
      await search.fill('manual')
      await page.locator(at('item-iterator-item')).first().click()
      await page.keyboard.press('Escape')
      await page.locator(at('node-creator-plus-button')).first().click()
      const words = {
        'dead letter': 'Tieout Exceptions',
        'tie out': 'Tieout Reconcile',
        mirror: 'Tieout Bulk Sync',
      }
      for (const [word, node] of Object.entries(words)) {
        await search.fill(word)
        await page.locator(at('node-creator-item-name'), { hasText: node }).first().waitFor()
        await picture(page, `picker ${node}`)
      }
    }, 60_000)

    test('a node is found, placed, wired, set and executed; its panel shows the items', async () => {
      const sheet = (second: number): object[] => [
        { sku: 'A1', price: 1 },
        { sku: 'A2', price: second },
      ]
      const page = await canvas(
        workflow(
          'editor',
          [
            { ...START, position: [0, 0] },
            { ...items('Source', sheet(2)), position: [220, -120] },
            { ...items('Target', sheet(3)), position: [220, 120] },
          ],
          ['Start > Source', 'Start > Target'],
        ),
      )
      const name = 'Tieout Reconcile'
      // behind the first sheet, which wires it to its first input
      await nodeOf(page, 'Source').locator(at('canvas-handle-plus')).click()
      await page.locator(at('node-creator-search-bar')).fill('reconcile')
      await page.locator(at('item-iterator-item'), { hasText: name }).first().click()
      await page.locator(at('item-iterator-item'), { hasText: 'Reconcile two inputs' }).click()
      await page.locator(`${at('parameter-input-keyFields')} input`).fill('sku')
      await picture(page, 'set')
      await closePanel(page)
      const input = nodeOf(page, name).locator(at('canvas-node-input-handle')).nth(1)
      await nodeOf(page, 'Target').locator(at('canvas-node-output-handle')).dragTo(input)
      await page.locator(at('edge')).nth(3).waitFor()

      await page.locator(at('execute-workflow-button')).first().click()
      await page.locator(at('canvas-node-status-success')).nth(3).waitFor({ timeout: 30_000 })
      await picture(page, 'canvas')
      const panel = await panelOf(page, name)
      const output = panel.locator(at('output-panel'))
      await output.getByText('fields differ').waitFor()
      await picture(page, 'panel')
      expect(await output.innerText()).toContain('Breaks Branch (1 item)')
      // what is told before an execution is gone
      expect(await output.innerText()).not.toContain('Nothing is kept')
    }, 90_000)

    test('a node shows only the parameters that matter to what it does', async () => {
      const nodes = {
        Plan: tieout('BulkSync', 'Plan', { operation: 'plan' }),
        Sync: tieout('BulkSync', 'Sync', { operation: 'sync', source: 'api' }),
        Run: tieout('BulkSync', 'Run', { operation: 'run' }),
        Fix: tieout('Exceptions', 'Fix', { resource: 'exception', operation: 'fix' }),
        Groups: tieout('Exceptions', 'Groups', { resource: 'group', operation: 'getAll' }),
      }
      const page = await canvas(
        workflow(
          'parameters',
          [START, ...Object.values(nodes)].map((node, i) => ({ ...node, position: [i * 220, 0] })),
          Object.keys(nodes).map((name) => `Start > ${name}`),
        ),
      )
      const shown: Record<string, string[]> = {}
      for (const name of Object.keys(nodes)) {
        const panel = await panelOf(page, name)
        const labels = panel.locator(`${at('node-parameters')} ${at('input-label')}:visible`)
        await labels.first().waitFor()
        shown[name] = (await labels.allInnerTexts()).map((text) => text.split('\n')[0] ?? '')
        await picture(page, `parameters ${name}`)
        await closePanel(page)
      }
      const { Plan, Sync = [], ...others } = shown
      expect(Plan).toEqual(['Operation', 'Source', 'Mode', 'Target Fields', 'Mapping Column Mode', 'Options'])
      expect(Sync).toEqual(expect.arrayContaining(['Source URL', 'Paging', 'Target URL', 'Preview']))
      // not before it is asked for
      expect(Sync).not.toContain('Paging Options')
      expect(others).toEqual({
        Run: ['Operation', 'Workflow', 'Preview', 'Options'],
        Fix: ['Resource', 'Operation', 'Exception', 'Fix', 'Preview'],
        Groups: ['Resource', 'Operation', 'Filters'],
      })
    }, 90_000)
  })
}
