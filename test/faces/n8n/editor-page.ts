import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Locator, type Page } from 'playwright-core'
import { OWNER } from '../../../bench/lib/n8n/home'
import type { Workflow } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import type { N8n } from './server'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

export interface Editor {
  /** Logged in, with nothing that leaves this machine. */
  open: (path: string) => Promise<Page>
  /** On the canvas of a new workflow. */
  canvas: (workflow: Workflow) => Promise<Page>
  /** With TIEOUT_SCREENSHOTS a picture is left in that folder. */
  picture: (page: Page, name: string) => Promise<void>
}

/** Tests of what a person sees. Without Chromium they are skipped, in CI they fail. */
export function inChromium(n8n: N8n, tests: (editor: Editor) => void): void {
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
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
  })

  const open: Editor['open'] = async (path) => {
    const context = await browser.newContext({ viewport: { width: 1500, height: 950 }, baseURL: n8n().url })
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
  tests({
    open,
    canvas: async (workflow) => {
      const made = await n8n().api('POST', '/rest/workflows', { ...workflow, id: undefined })
      const page = await open(`/workflow/${String(member(made, 'id'))}`)
      await page
        .locator(at('canvas-node'))
        .nth(workflow.nodes.length - 1)
        .waitFor({ timeout: 30_000 })
      return page
    },
    picture: async (page, name) => {
      const folder = process.env['TIEOUT_SCREENSHOTS']
      if (folder === undefined) return
      mkdirSync(folder, { recursive: true })
      await page.screenshot({ path: join(folder, `${name}.png`) })
    },
  })
}

/** By n8n's own ids for tests. */
export function at(id: string): string {
  return `[data-test-id="${id}"]`
}

export function nodeOf(page: Page, name: string): Locator {
  return page.locator(`${at('canvas-node')}[data-node-name="${name}"]`)
}

/** Of a node that is opened. */
export async function panelOf(page: Page, name: string): Promise<Locator> {
  await nodeOf(page, name).dblclick()
  const panel = page.locator(at('ndv'))
  await panel.waitFor()
  return panel
}

export async function closePanel(page: Page): Promise<void> {
  await page.locator(at('ndv-close-button')).click()
  await page.locator(at('ndv')).waitFor({ state: 'hidden' })
}
