import type { Verdict } from '#verdict'
import { sentenceOf } from '../decision-sentence.ts'
import type { RunReport } from '../run-report.ts'
import type { VerdictGroup } from '../verdict-groups.ts'
import { html, type Markup } from './markup.ts'
import { notVerified } from './not-verified.ts'
import type { HtmlParts } from './parts.ts'
import { blameOf, clock, counted, duration, fatesOf, fatesOfMembers, wordsOf } from './words.ts'

/** More verdicts than these are counted here, and told below. */
const maxCards = 12
const maxReasons = 8

/** What a reader must know within seconds: the decision, who is at fault for what, what was not verified. */
export function firstScreen(parts: HtmlParts, groups: readonly VerdictGroup[]): Markup {
  const { report } = parts
  return html`<header class="decision ${report.decision}">
<p class="eyebrow"><strong>${report.decision}</strong><span>exit ${report.exitCode}</span></p>
<h1>${sentenceOf(report)}</h1>
${facts(report)}
</header>
<main>
<div class="first">
<section aria-labelledby="blame"><h2 id="blame">Who is at fault</h2>
<div class="cards">${groups.length === 0 ? html`<p class="quiet">No test failed, and nothing was blocked.</p>` : groups.slice(0, maxCards).map(card)}</div>
${groups.length > maxCards ? html`<p class="quiet">and ${counted(groups.length - maxCards, 'more verdict')}, below</p>` : null}
${otherReasons(report)}
</section>
<section aria-labelledby="unverified"><h2 id="unverified">What was not verified</h2>
${unverified(notVerified(parts))}
</section>
</div>`
}

/** Which keys the evidence had, in words. */
const lookedFrom = {
  T0: 'runner only (T0)',
  T1: 'runner, with claims (T1)',
  T2: 'runner and app-side (T2)',
  T3: 'runner, app-side, platform (T3)',
} as const

function facts(report: RunReport): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ['tests', fatesOf(report.tests) || 'none'],
    ['environment', report.environment],
    ['release', report.release ?? 'unknown'],
    [
      'began',
      `${new Date(report.startedAt).toISOString().slice(0, 10)} ${clock(report.startedAt).slice(0, 8)} UTC`,
    ],
    ['took', duration(report.durationMs)],
    ['looked from', lookedFrom[report.tier]],
    ['run', report.runId],
  ]
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function card({ verdict, incidents, tests }: VerdictGroup, index: number): Markup {
  return html`<article class="card ${verdict.class}">
<p class="eyebrow"><strong>${blameOf(verdict)}</strong></p>
<h3>${verdict.subject} <span class="reason">${wordsOf(verdict.reason)}</span></h3>
${whyOf(verdict)}
<p class="quiet">${[
    fatesOfMembers(tests) || 'before any test',
    ...(incidents.length > 1 ? [counted(incidents.length, 'incident')] : []),
    ...(verdict.confidence > 0 ? [`${Math.round(verdict.confidence * 100)} % sure`] : []),
  ].join(' · ')}</p>
<p><a href="#v${index}">All the evidence<span class="sr"> on ${verdict.subject}</span></a></p>
</article>`
}

/** The strongest argument; of an inconclusive verdict, all that was missing. */
function whyOf(verdict: Verdict): Markup {
  const [first, ...others] = verdict.evidence.for
  if (!first) return html`<p>Nothing in the evidence explains it.</p>`
  if (verdict.class !== 'inconclusive' || others.length === 0) return html`<p>${first.text}</p>`
  return html`<ul>${[first, ...others].slice(0, 5).map(({ text }) => html`<li>${text}</li>`)}</ul>`
}

/** Reasons of the decision that no verdict gave: a wrong release, too few tests, a failure of Faultline's own. */
function otherReasons({ reasons }: RunReport): Markup | null {
  const ofVerdicts = new Set([
    'application',
    'test',
    'infrastructure',
    'inconclusive',
    'race-suspected',
    'cleared',
  ])
  const others = reasons.filter(({ code }) => !ofVerdicts.has(code) && code !== 'injection-did-not-bite')
  if (others.length === 0) return null
  const shown = others.slice(0, maxReasons)
  return html`<ul class="reasons">${shown.map(
    ({ code, subject, message }) => html`<li><strong>${wordsOf(code)}</strong> ${subject}: ${message}</li>`,
  )}</ul>
${others.length > maxReasons ? html`<p class="quiet">and ${counted(others.length - maxReasons, 'more reason')}</p>` : null}`
}

function unverified(lines: readonly string[]): Markup {
  if (lines.length === 0)
    return html`<p class="quiet">Nothing: every declared path was watched from the first look to the end, and every test ran.</p>`
  return html`<ul class="unverified">${lines.map((line) => html`<li>${line}</li>`)}</ul>`
}
