import type { RunEvidence } from '#evidence'
import type { Argument } from '#verdict'
import type { ReportIncident } from '../run-report.ts'
import type { VerdictGroup } from '../verdict-groups.ts'
import { logExcerpts } from './log-excerpt.ts'
import { html, type Markup } from './markup.ts'
import type { HtmlParts } from './parts.ts'
import { probeTable } from './probe-table.ts'
import { testDetails } from './test-details.ts'
import { blameOf, clock, counted, duration, fatesOfMembers, wordsOf } from './words.ts'

/** Tests whose attempts are shown in full; the table of all tests has the rest. */
const maxTests = 20
const maxIncidents = 12
/** Verdicts that are told in full: a thousand would make the page too heavy to open. */
const maxVerdicts = 50

/** Everything behind each verdict: guards and weighing, evidence for and against, tests with their exchanges, looks. */
export function verdictSection(parts: HtmlParts, groups: readonly VerdictGroup[]): Markup | null {
  if (groups.length === 0) return null
  return html`<section aria-labelledby="verdicts"><h2 id="verdicts">Behind each verdict</h2>
${groups.slice(0, maxVerdicts).map((group, index) => verdictDetails(parts, group, index, groups.length === 1))}
${groups.length > maxVerdicts ? html`<p class="quiet">and ${counted(groups.length - maxVerdicts, 'more verdict')}: the table of tests names each; <code>faultline explain</code> tells all of it</p>` : null}
</section>`
}

function verdictDetails(
  { evidence, logs = [], screenshots }: HtmlParts,
  { verdict, incidents, tests }: VerdictGroup,
  index: number,
  open: boolean,
): Markup {
  const more = tests.length - maxTests
  return html`<details class="verdict ${verdict.class}" id="v${index}"${open ? html` open` : null}>
<summary><span class="eyebrow"><strong>${blameOf(verdict)}</strong></span>
<span class="subject">${verdict.subject}</span> <span>${wordsOf(verdict.reason)}</span>
<span class="quiet">${fatesOfMembers(tests)}</span></summary>
<div class="columns"><div><h3>Weighing</h3>${weighing(verdict.evidence, verdict.confidence)}</div>
<div><h3>Guards</h3>${guards(verdict.evidence)}</div></div>
<h3>When</h3>
<ul class="when">${incidents.slice(0, maxIncidents).map(when)}</ul>
${incidents.length > maxIncidents ? html`<p class="quiet">and ${incidents.length - maxIncidents} more</p>` : null}
<h3>What probes saw meanwhile</h3>
${probeTable(evidence.observations, windowOf(incidents))}
${logExcerpts(
  logs,
  incidents.map(({ window }) => window),
)}
${tests.length === 0 ? null : html`<h3>Tests</h3>`}
${tests.slice(0, maxTests).map((test) => testDetails(test, attemptsOf(evidence, test.id), screenshots))}
${more > 0 ? html`<p class="quiet">and ${counted(more, 'more test')}, in the table below</p>` : null}
</details>`
}

function attemptsOf(evidence: RunEvidence, id: string) {
  return evidence.attempts.filter((attempt) => attempt.testId === id)
}

function windowOf(incidents: readonly ReportIncident[]) {
  return {
    from: Math.min(...incidents.map(({ window }) => window.from)),
    to: Math.max(...incidents.map(({ window }) => window.to)),
  }
}

function when({ id, window, tests }: ReportIncident): Markup {
  return html`<li><button type="button" data-from="${window.from}" data-to="${window.to}">${clock(window.from)} – ${clock(window.to)}</button>
<span>${duration(window.to - window.from)}, ${counted(tests.length, 'test')}</span> <span class="quiet">${id}</span></li>`
}

interface Sides {
  readonly for: readonly Argument[]
  readonly against: readonly Argument[]
}

const isGuard = ({ rule }: Argument) => /^G\d$/.test(rule)

function weighing(sides: Sides, confidence: number): Markup {
  const rows = [
    ...sides.for.filter((argument) => !isGuard(argument)).map((argument) => ({ side: 'for', argument })),
    ...sides.against
      .filter((argument) => !isGuard(argument))
      .map((argument) => ({ side: 'against', argument })),
  ]
  const sure = html`<p class="sure">${bar(confidence, 'sum')}<span>${confidence === 0 ? 'Not enough to say' : `${Math.round(confidence * 100)} % sure`}</span></p>`
  if (rows.length === 0) return html`${sure}<p class="quiet">No rule had anything to propose.</p>`
  return html`${sure}<ul class="arguments">${rows.map(
    ({ side, argument: { rule, text, weight } }) => html`<li class="${side}"><span class="side">${side}</span>
<p>${text} <code>${rule}</code></p>${weight === undefined ? null : html`<p class="weight">${bar(weight, side)}<span>${weight.toFixed(2)}</span></p>`}</li>`,
  )}</ul>`
}

function guards(sides: Sides): Markup {
  const struck = [...sides.for, ...sides.against].filter(isGuard)
  if (struck.length === 0)
    return html`<p class="quiet">No guard struck anything out that a rule proposed.</p>`
  return html`<ul class="arguments">${struck.map(
    ({ rule, text }) => html`<li class="struck"><span class="side">${rule}</span><p>${text}</p></li>`,
  )}</ul>`
}

/** A share of 0–1 as a bar; its number is always written beside it. */
function bar(share: number, kind: string): Markup {
  const width = Math.round(Math.min(1, Math.max(0, share)) * 100)
  return html`<svg class="bar ${kind}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="100" height="8"/><rect width="${width}" height="8"/></svg>`
}
