import type { Interval } from '#core'
import type { Observation } from '#probe'
import { html, type Markup } from './markup.ts'
import { clock, duration } from './words.ts'

/** How much before and after the incident is told too. */
const aroundMs = 1_000

/** Every path's looks within a window, a line for each path, vantage and kind of connection: those that saw trouble first. */
export function probeTable(observations: readonly Observation[], window: Interval): Markup {
  const within = observations.filter(
    ({ at, phases }) => at <= window.to + aroundMs && at + phases.totalMs >= window.from - aroundMs,
  )
  if (within.length === 0) return html`<p class="quiet">Nobody looked.</p>`
  const lines = [...Map.groupBy(within, keyOf).values()].map(lineOf).toSorted((a, b) => b.bad - a.bad)
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Looks"><table>
<thead><tr><th>path</th><th>from</th><th>connection</th><th class="number">looks</th><th class="number">good</th><th>trouble</th><th class="number">median</th></tr></thead>
<tbody>${lines.map(
    (line) =>
      html`<tr class="${line.bad > 0 ? 'bad' : 'good'}"><th scope="row">${line.path}</th><td>${line.vantage}</td><td>${line.connection}</td><td class="number">${line.looks}</td><td class="number">${line.looks - line.bad}</td><td class="wide">${line.trouble}</td><td class="number">${duration(line.medianMs)}</td></tr>`,
  )}</tbody></table></div>`
}

function keyOf({ link, target, vantage, connection }: Observation): string {
  return `${link ?? target} ${vantage} ${connection}`
}

const isGood = ({ outcome }: Observation) => outcome === 'ok' || outcome === 'slow'

function lineOf(looks: readonly Observation[]) {
  const { link, target, vantage, connection } = looks[0]!
  const bad = looks.filter((look) => !isGood(look))
  const kinds = Map.groupBy(bad, ({ outcome, code }) => (code === undefined ? outcome : `${outcome} ${code}`))
  const span = bad.length === 0 ? '' : `, ${clock(bad[0]!.at)} – ${clock(bad.at(-1)!.at)}`
  return {
    path: link ?? `${target} itself`,
    vantage,
    connection,
    looks: looks.length,
    bad: bad.length,
    trouble: [...kinds].map(([kind, list]) => `${list.length} × ${kind}`).join(', ') + span,
    medianMs:
      looks.map(({ phases }) => phases.totalMs).toSorted((a, b) => a - b)[Math.floor(looks.length / 2)] ?? 0,
  }
}
