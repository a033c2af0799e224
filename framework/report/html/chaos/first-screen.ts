import type { ExperimentOutcome } from '#experiment'
import { type ChaosExperiment, type ChaosRun, chaosOutcome, promisesOf } from '../../chaos-run.ts'
import { html, type Markup } from '../markup.ts'
import { clock, counted, duration } from '../words.ts'

/** Each outcome with the exit code of `faultline chaos`, and the decision of a gate that is drawn alike. */
const tones = {
  held: { exit: 0, tone: 'pass' },
  broken: { exit: 1, tone: 'block' },
  inconclusive: { exit: 3, tone: 'undecided' },
  aborted: { exit: 130, tone: 'hold' },
} as const

const maxUnheld = 4

/** What a reader must know within seconds: whether the promises held, which did not, and what nobody saw. */
export function chaosFirstScreen(run: ChaosRun, runId: string): Markup {
  const outcome = chaosOutcome(run.experiments.map(({ result }) => result?.outcome))
  const { exit, tone } = tones[outcome]
  return html`<header class="decision ${tone}">
<p class="eyebrow"><strong>${outcome}</strong><span>exit ${exit}</span></p>
<h1>${sentence(run, outcome)}</h1>
${facts(run, runId)}
</header>
<main>
<div class="first">
<section aria-labelledby="promised"><h2 id="promised">What was promised</h2>
<div class="cards">${run.experiments.map(card)}</div>
</section>
<section aria-labelledby="unverified"><h2 id="unverified">What was not verified</h2>
${unverified(notVerified(run))}
</section>
</div>`
}

function sentence({ experiments }: ChaosRun, outcome: ExperimentOutcome): string {
  const promises = experiments.flatMap(promisesOf)
  const broken = promises.filter((promise) => promise.outcome === 'broken').length
  switch (outcome) {
    case 'held':
      return `Everything that was promised held: ${counted(promises.length, 'promise')} in ${counted(experiments.length, 'experiment')}.`
    case 'broken':
      return `${counted(broken, 'promise')} of ${promises.length} ${broken === 1 ? 'was' : 'were'} broken.`
    case 'inconclusive':
      return 'Nobody can say whether the promises hold.'
    case 'aborted':
      return 'The run was given up before its end.'
  }
}

function facts(run: ChaosRun, runId: string): Markup {
  const { experiments, environment, span } = run
  const operations = experiments.reduce((sum, experiment) => sum + experiment.operations.length, 0)
  const rows: readonly (readonly [string, string])[] = [
    ['experiments', String(experiments.length)],
    ['operations', String(operations)],
    ['environment', environment],
    ['began', `${new Date(span.from).toISOString().slice(0, 10)} ${clock(span.from).slice(0, 8)} UTC`],
    ['took', duration(span.to - span.from)],
    ['run', runId],
  ]
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function card(experiment: ChaosExperiment, index: number): Markup {
  const { name, faults, result } = experiment
  const outcome = result?.outcome ?? 'aborted'
  const promises = promisesOf(experiment)
  const unheld = promises.filter((promise) => promise.outcome !== 'held')
  return html`<article class="card ${tones[outcome].tone}">
<p class="eyebrow"><strong>${outcome}</strong></p>
<h3>${name}</h3>
<p class="quiet">${faults.join(', ') || 'no fault'}</p>
${result?.reason === undefined ? null : html`<p>${result.reason}</p>`}
${unheld.length === 0 ? html`<p>${promises.length === 0 ? 'Nothing was checked.' : `All of ${counted(promises.length, 'promise')} held.`}</p>` : html`<ul>${unheld.slice(0, maxUnheld).map((promise) => html`<li><strong>${promise.name}</strong>: ${promise.observed}, promised ${promise.declared}</li>`)}</ul>`}
<p><a href="#e${index}">Charts and promises<span class="sr"> of ${name}</span></a></p>
</article>`
}

/** What the run does not tell, each in a sentence. */
function notVerified({ experiments, ended }: ChaosRun): string[] {
  return [
    ...(ended ? [] : ['The record breaks off: what came later is unknown.']),
    ...experiments.flatMap((experiment) => {
      const { name, result } = experiment
      if (!result) return [`${name}: it did not come to its end.`]
      const idle = result.injections.filter(({ bit }) => bit !== true)
      const open = promisesOf(experiment).filter(({ outcome }) => outcome === 'inconclusive')
      return [
        ...idle.map(({ fault, target }) => `${name}: ${fault}@${target} was never seen to change anything.`),
        ...open.map((promise) => `${name}: ${promise.name}, ${promise.observed}.`),
        ...(result.rollBack.proven ? [] : [`${name}: not proven rolled back, ${result.rollBack.detail}.`]),
        ...(result.recoveryMs === null ? [`${name}: nobody saw answers being right again.`] : []),
      ]
    }),
  ]
}

function unverified(lines: readonly string[]): Markup {
  if (lines.length === 0)
    return html`<p class="quiet">Nothing: every fault bit, every promise could be checked, and all was seen put back.</p>`
  return html`<ul class="unverified">${lines.map((line) => html`<li>${line}</li>`)}</ul>`
}
