import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { OWNER } from '../../../bench/lib/n8n/home'
import { workflow } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import { items, START } from './nodes'
import type { N8n } from './server'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** What a person sees. With TIEOUT_SCREENSHOTS pictures are left in that folder. */
export function editorSuite(n8n: N8n): void {
  if (!existsSync(CHROMIUM)) {
    test('skipped because Chromium is not installed (Debian: apt-get install chromium)', () => {
      expect(process.env['CI']).toBeUndefined()
    })
    return
  }
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  })
  afterAll(() => browser.close())

  const at = (id: string): string => `[data-test-id="${id}"]`
  const open = async (path: string): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1500, height: 950 }, baseURL: n8n().url })
    // nothing leaves this machine
    await context.route(
      ({ hostname }) => hostname !== '127.0.0.1',
      (route) => route.abort(),
    )
    const data = { emailOrLdapLoginId: OWNER.email, password: OWNER.password }
    await context.request.post('/rest/login', { data })
    const page = await context.newPage()
    await page.goto(path, { waitUntil: 'domcontentloaded' })
    return page
  }
  const picture = async (page: Page, name: string): Promise<void> => {
    const folder = process.env['TIEOUT_SCREENSHOTS']
    if (folder === undefined) return
    mkdirSync(folder, { recursive: true })
    await page.screenshot({ path: join(folder, `${name}.png`) })
  }

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
      await page.locator(at('node-creator-item-name'), { hasText: node }).first().waitFor({ timeout: 10_000 })
      await picture(page, `picker ${node}`)
    }
    await page.context().close()
  }, 60_000)

  test('a wired node is executed and its panel shows the items', async () => {
    const made = await n8n().api('POST', '/rest/workflows', {
      ...workflow(
        'editor',
        [
          { ...START, position: [0, 0] },
          {
            ...items('Source', [
              { sku: 'A1', price: 1 },
              { sku: 'A2', price: 2 },
            ]),
            position: [220, -120],
          },
          {
            ...items('Target', [
              { sku: 'A1', price: 1 },
              { sku: 'A2', price: 3 },
            ]),
            position: [220, 120],
          },
          {
            name: 'Tieout Reconcile',
            type: 'n8n-nodes-tieout.tieoutReconcile',
            position: [520, 0],
            parameters: { operation: 'items', keyFields: 'sku', measures: 'price' },
          },
        ],
        ['Start > Source', 'Start > Target', 'Source > Tieout Reconcile', 'Target > Tieout Reconcile:1'],
      ),
      id: undefined,
    })
    const page = await open(`/workflow/${String(member(made, 'id'))}`)
    await page
      .locator(at('canvas-node'), { hasText: 'Tieout Reconcile' })
      .first()
      .waitFor({ timeout: 30_000 })
    await page.locator(at('execute-workflow-button')).first().click()
    await page.locator(at('canvas-node-status-success')).nth(3).waitFor({ timeout: 30_000 })
    await picture(page, 'canvas')
    await page.locator(at('canvas-node'), { hasText: 'Tieout Reconcile' }).first().dblclick()
    const output = page.locator(at('output-panel')).first()
    await output.getByText('differs').first().waitFor({ timeout: 10_000 })
    await picture(page, 'panel')
    await page.context().close()
  }, 90_000)
}
