import { verdictGroups } from '../verdict-groups.ts'
import { firstScreen } from './first-screen.ts'
import { html } from './markup.ts'
import { pageDataOf } from './page-data.ts'
import { pageShell } from './page-shell.ts'
import type { HtmlParts } from './parts.ts'
import { verdictSection } from './verdict-section.ts'

/** The run as one HTML page that needs nothing else. */
export function renderHtml(parts: HtmlParts): string {
  const groups = verdictGroups(parts.report)
  const { report } = parts
  return pageShell({
    title: `${report.decision.toUpperCase()} · ${report.environment} · ${report.runId}`,
    data: pageDataOf(parts, groups),
    body: html`${firstScreen(parts, groups)}
<section id="timeline" aria-labelledby="timeline-title" hidden><h2 id="timeline-title">Timeline</h2></section>
${verdictSection(parts, groups)}
<section id="tests" aria-labelledby="tests-title" hidden><h2 id="tests-title">All tests</h2></section>
<noscript><p>The timeline and the table of all tests need JavaScript; everything else is above.</p></noscript>
</main>`,
  })
}
