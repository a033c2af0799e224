import type { CheckedExpectation, Operation } from '#experiment'
import { type ChaosExperiment, promisesOf } from '../../chaos-run.ts'
import { html, type Markup } from '../markup.ts'
import { duration } from '../words.ts'
import { percentile } from './chart-data.ts'

/** One experiment: its promises beside what was seen, its charts, and the same in numbers. */
export function experimentSection(experiment: ChaosExperiment, index: number): Markup {
  const { name, seed, faults, result } = experiment
  return html`<article class="experiment" id="e${index}">
<h3>${name} <span class="quiet">${faults.join(', ')} · seed ${seed}</span></h3>
${promises(promisesOf(experiment))}
<div class="charts" data-chart="${index}"></div>
${phaseTable(experiment)}
${result ? html`<p class="quiet">${result.rollBack.proven ? 'Rolled back' : 'Not proven rolled back'}: ${result.rollBack.detail}${result.recoveryMs === null ? '' : `; right again after ${duration(result.recoveryMs)}`}</p>` : null}
</article>`
}

function promises(list: readonly CheckedExpectation[]): Markup {
  if (list.length === 0) return html`<p class="quiet">Nothing was checked.</p>`
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Promises"><table>
<thead><tr><th>outcome</th><th>promise</th><th>promised</th><th>seen</th></tr></thead>
<tbody>${list.map(
    ({ outcome, name, declared, observed, counterExample }) =>
      html`<tr class="${outcome === 'held' ? 'good' : 'bad'}"><td><span class="fate ${outcome === 'held' ? 'passed' : outcome === 'broken' ? 'failed' : 'blocked'}">${outcome}</span></td><th scope="row">${name}</th><td>${declared}</td><td class="wide">${observed}${counterExample === undefined ? null : html`<br><span class="quiet">such as ${counterExample}</span>`}</td></tr>`,
  )}</tbody></table></div>`
}

/** By the moment at which operations were due: before, while faults were on, and after them. */
function phaseTable({ steps, operations, span }: ChaosExperiment): Markup {
  const at = (step: string) => steps.find((each) => each.step === step)?.at
  const [baseline, inject, rollBack] = [at('baseline'), at('inject'), at('roll back')]
  const phases = [
    { name: 'before', from: baseline, to: inject },
    { name: 'while faults were on', from: inject, to: rollBack },
    { name: 'after', from: rollBack, to: undefined },
  ]
  const rows = phases.flatMap(({ name, from, to = span.to }) =>
    from === undefined
      ? []
      : [
          phaseRow(
            name,
            operations.filter(({ startedAt }) => startedAt >= from && startedAt < to),
          ),
        ],
  )
  if (rows.length === 0) return html`<p class="quiet">It was given up before its load began.</p>`
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Operations"><table>
<thead><tr><th>operations</th><th class="number">ok</th><th class="number">degraded</th><th class="number">failed</th><th class="number">unknown</th><th class="number">p50</th><th class="number">p99</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}

function phaseRow(name: string, operations: readonly Operation[]): Markup {
  const count = (isCounted: (operation: Operation) => boolean) => operations.filter(isCounted).length
  const latency = (share: number) => {
    const ms = percentile(operations, share)
    return ms === null ? '–' : duration(ms)
  }
  return html`<tr><th scope="row">${name}</th><td class="number">${count(({ outcome, degraded }) => outcome === 'ok' && degraded === undefined)}</td><td class="number">${count(({ outcome, degraded }) => outcome === 'ok' && degraded !== undefined)}</td><td class="number">${count(({ outcome }) => outcome === 'failed')}</td><td class="number">${count(({ outcome }) => outcome === 'unknown')}</td><td class="number">${latency(0.5)}</td><td class="number">${latency(0.99)}</td></tr>`
}
