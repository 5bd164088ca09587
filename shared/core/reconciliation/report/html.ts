import type { Signer } from '../../ports'
import { causes, kinds } from './html/causes'
import { totalsByDimension } from './html/dimensions'
import { drillDown } from './html/drill-down'
import { markup, Markup } from './html/markup'
import { rules } from './html/rules'
import { signing } from './html/signing'
import { STYLE } from './html/style'
import { summary, tieOut } from './html/summary'
import { trend } from './html/trend'
import { mostImportant } from './important'
import type { Report } from './report'
import { tieOutText } from './words'

/** Breaks that can be looked into on the page; the CSV has all. */
const DETAILED = 400

/**
 * One page that needs nothing but itself: it can be read offline, printed and signed. There is no script in it, and its
 * policy lets none run.
 */
export async function htmlReport(report: Report, signer: Pick<Signer, 'digest'>): Promise<string> {
  const { reconciliation } = report
  const { open, pending, accepted } = reconciliation.breaks
  const shown = await mostImportant(report.breaks(), DETAILED)
  const hash = signer.digest('sha256', STYLE, 'base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${reconciliation.title}: ${tieOutText(reconciliation)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
${summary(reconciliation)}
${tieOut(reconciliation)}
${causes(reconciliation)}
${kinds(reconciliation)}
${totalsByDimension(reconciliation)}
${trend(reconciliation)}
${drillDown(reconciliation, shown, open + pending + accepted)}
${rules(reconciliation)}
${signing(report)}
</main>
</body>
</html>
`.text
}
