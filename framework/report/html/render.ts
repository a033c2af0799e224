import { createHash } from 'node:crypto'
import { verdictGroups } from '../verdict-groups.ts'
import { firstScreen } from './first-screen.ts'
import { html, inertJson, raw } from './markup.ts'
import { pageScript, pageStyle } from './page.generated.ts'
import { pageDataOf } from './page-data.ts'
import type { HtmlParts } from './parts.ts'
import { verdictSection } from './verdict-section.ts'

/**
 * The run as one HTML page that needs nothing else: no network, no other file. Text from the run is shown as text, whatever is in it:
 * the page may run the one script and the one style that it was made with.
 */
export function renderHtml(parts: HtmlParts): string {
  const groups = verdictGroups(parts.report)
  const data = pageDataOf(parts, groups)
  const { report } = parts
  const policy = `default-src 'none'; script-src '${digest(pageScript)}'; style-src '${digest(pageStyle)}'; img-src data:; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${report.decision.toUpperCase()} · ${report.environment} · ${report.runId}</title>
<style>${raw(pageStyle)}</style>
</head>
<body>
${firstScreen(parts, groups)}
<section id="timeline" aria-labelledby="timeline-title" hidden><h2 id="timeline-title">Timeline</h2></section>
${verdictSection(parts, groups)}
<section id="tests" aria-labelledby="tests-title" hidden><h2 id="tests-title">All tests</h2></section>
<noscript><p>The timeline and the table of all tests need JavaScript; everything else is above.</p></noscript>
</main>
<script type="application/json" id="data">${inertJson(data)}</script>
<script>${raw(pageScript)}</script>
</body>
</html>
`.text
}

/** What a content security policy calls this inline text by. */
function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
