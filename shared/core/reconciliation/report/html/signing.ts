import type { Report } from '../report'
import { timeText } from '../../../words'
import { markup, type Markup } from './markup'

/** Who signed, room to sign on paper, and what a signature is for. */
export function signing({ reconciliation, signatures }: Report): Markup {
  const { id, contentHash, started, ended, method } = reconciliation
  return markup`<section class="whole">
<h2>Sign-off</h2>
${
  signatures.length === 0
    ? markup`<p class="soft">Not signed yet. On the command line: <span class="mono">tieout sign-off ${id} --period &lt;month&gt; --as &lt;name&gt;</span>, over HTTP <span class="mono">POST /v1/reconciliations/${id}/signature</span></p>`
    : signatures.map(
        ({ period, who, at, comment }) =>
          markup`<p><b>${period}</b> signed by <b>${who}</b> on ${timeText(at)}.${comment === '' ? undefined : markup` \u201c${comment}\u201d`}</p>`,
      )
}
<div class="sign"><div>Name</div><div>Signature</div><div>Date</div></div>
<footer>
<p>A signature is for this content: SHA-256 <span class="mono">${contentHash}</span></p>
<p>Reconciliation <span class="mono">${id}</span>, from ${timeText(started)} to ${timeText(ended)}, by ${METHOD[method]}.
Verified again by each <span class="mono">tieout report ${id}</span>.</p>
</footer>
</section>`
}

const METHOD = {
  records: 'record',
  sorted: 'record, both sides in the order of the key',
  bytes: 'the bytes of both files',
  'push-down': 'checksums that the databases computed',
} as const
