import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'
import { signer } from '../../../../shared/adapters/signer'
import { htmlReport } from '../../../../shared/core/reconciliation/report/html'
import type { Report } from '../../../../shared/core/reconciliation/report/report'
import { reconciliation, sample } from './sample'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
/** A4 without the margins of the page, at 96 dots an inch. */
const PAPER = 680
const PHONE = 390

const COMPANY = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik'

/** Words as long as they come, and amounts of billions. */
function wide(): Report {
  const { totals, measures } = reconciliation
  const long = measures.map((one, at) => ({
    ...one,
    measure: `extended amount in local currency ${at}`,
    ofBreaks: '-2345678901.56',
    difference: '-2345678901.56',
  }))
  const report = sample()
  return {
    ...report,
    reconciliation: {
      ...reconciliation,
      dimensions: ['company', 'account', 'month'],
      measures: long,
      totals: totals.map((one) => ({
        ...one,
        dimensions: [COMPANY, '400210 Erlöse Inland 19 %', '2026-11'],
        differences: ['-2345678901.56', '-2345678901.56'],
      })),
      causes: reconciliation.causes.map((one) => ({
        ...one,
        examples: [`["${COMPANY}","${'X'.repeat(90)}"]`],
      })),
    },
    breaks: async function* () {
      for await (const page of report.breaks())
        yield page.map((one) => ({
          ...one,
          key: `["${COMPANY}"]`,
          dimensions: [COMPANY, '400210', '2026-11'],
        }))
    },
  }
}

if (!existsSync(CHROMIUM))
  test('skipped because Chromium is not installed (Debian: apt-get install chromium)', () => {
    expect(process.env['CI']).toBeUndefined()
  })
else
  describe('The page in a browser', () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
    })
    afterAll(() => browser.close())

    test.each([
      ['paper', 'print', PAPER],
      ['a phone', 'screen', PHONE],
    ] as const)('is no wider than %s, whatever the words', async (_, media, width) => {
      const page = await browser.newPage({ viewport: { width, height: 900 } })
      await page.emulateMedia({ media })
      await page.setContent(await htmlReport(wide(), signer))
      const widest = await page.evaluate<number>('document.documentElement.scrollWidth')
      expect(widest).toBe(width)
      await page.close()
    })
  })
