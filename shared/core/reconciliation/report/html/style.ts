/** Colours have a contrast of at least 4.5 to 1 on white; nothing is said by colour alone. */
export const STYLE = `
:root { --ink: #1c2733; --soft: #55636f; --line: #d5dce2; --wash: #f4f6f8; --accent: #2b5c8a; --bad: #a23b22; --good: #2a6b47 }
* { box-sizing: border-box }
html { color-scheme: light; -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { margin: 0; background: #fff; color: var(--ink); font: 15px/1.5 -apple-system, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: break-word }
main { max-width: 1060px; margin: 0 auto; padding: 40px 28px 64px }
h1, h2, h3 { line-height: 1.25; text-wrap: balance }
h1 { margin: 0; font-size: 16px; font-weight: 600; color: var(--soft) }
h2 { margin: 52px 0 6px; font-size: 21px }
h3 { margin: 26px 0 6px; font-size: 15px }
p { margin: 0 0 10px; max-width: 76ch }
.verdict { margin: 10px 0 8px; font-size: 31px; font-weight: 650; line-height: 1.2; letter-spacing: -0.01em; max-width: 36ch; text-wrap: balance }
.verdict.good { color: var(--good) } .verdict.bad { color: var(--bad) }
.lead, .soft { color: var(--soft) }
.warn { border-left: 3px solid var(--bad); padding: 6px 14px; background: var(--wash); max-width: none }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 1px; margin: 26px 1px 0; padding: 0 }
.facts div { box-shadow: 0 0 0 1px var(--line); padding: 12px 16px }
.facts dt { color: var(--soft); font-size: 13px }
.facts dd { margin: 0; font-size: 22px; font-weight: 600; overflow-wrap: anywhere }
.facts dd small { display: block; font-size: 13px; font-weight: 400; color: var(--soft) }
.scroll { overflow-x: auto; margin: 12px 0 }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; color: var(--soft); font-size: 13px; padding: 0 0 6px }
caption span { display: block; max-width: min(100ch, calc(100vw - 34px)) }
th, td { padding: 7px 16px 7px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
th:last-child, td:last-child { padding-right: 0 }
thead th { font-size: 13px; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--ink); vertical-align: bottom }
tbody th { font-weight: 600 }
.n { text-align: right; white-space: nowrap }
td.bar, td.balance { width: 26%; min-width: 130px; vertical-align: middle }
th.balance { text-align: center }
td.v { overflow-wrap: anywhere }
tr.sum td, tr.sum th { border-top: 1px solid var(--ink); font-weight: 600 }
.bad { color: var(--bad) } .good { color: var(--good) }
.off { font-style: normal; color: var(--soft) }
.ws { background: #f6dcd3; color: var(--bad) }
svg { display: block; width: 100%; height: auto }
td svg { height: 14px }
figure { margin: 12px 0 } figcaption { color: var(--soft); font-size: 13px; margin-top: 4px }
details { border-bottom: 1px solid var(--line) }
summary { cursor: pointer; padding: 8px 0; overflow-wrap: anywhere }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
summary .aside { color: var(--soft) }
details details { margin-left: 22px; border-bottom: 0; border-top: 1px solid var(--line) }
details > .in { margin: 0 0 14px 22px }
.cause { border-top: 1px solid var(--line); padding: 14px 0 4px }
.cause h3 { margin: 0 0 6px }
.cause svg { height: 8px; margin: 0 0 8px }
table.two th:first-child { width: 34% }
.mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 13px; overflow-wrap: anywhere }
.sign { display: grid; grid-template-columns: 2fr 2fr 1fr; gap: 28px; margin-top: 64px }
.sign div { border-top: 1px solid var(--ink); padding-top: 6px; color: var(--soft); font-size: 13px }
footer { margin-top: 48px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px }
@media (max-width: 620px) {
  main { padding: 24px 16px 48px }
  .verdict { font-size: 25px }
  .bar, .balance { display: none }
  figure { overflow-x: auto } figure svg { min-width: 560px }
  .sign { grid-template-columns: 1fr; gap: 56px }
  details details { margin-left: 10px } details > .in { margin-left: 10px }
}
@media print {
  @page { size: A4; margin: 17mm 15mm }
  body { font-size: 10pt; line-height: 1.4 }
  main { max-width: none; padding: 0 }
  h2 { font-size: 14pt; margin-top: 26pt; break-after: avoid } h3 { break-after: avoid }
  .verdict { font-size: 21pt }
  .facts dd { font-size: 14pt }
  tr, .cause, figure, .facts, .whole { break-inside: avoid }
  h2 + p, h3 + p { break-after: avoid }
  thead { display: table-header-group }
  .scroll { overflow: visible }
  table { font-size: 9pt } thead th { font-size: 8pt }
  th, td { padding: 4pt 7pt 4pt 0 }
  thead th.n { white-space: normal }
  tbody th, td:not(.n) { overflow-wrap: anywhere; min-width: 8ch } tbody th { min-width: 13ch }
  .bar, .balance { display: none }
  .screen, details:not([open]) { display: none }
  a { color: inherit; text-decoration: none }
}
`
