import { type ChaosRun, chaosOutcome } from '../../chaos-run.ts'
import { healthLanes } from '../health-lanes.ts'
import { html, type Markup } from '../markup.ts'
import { faultLanes, healthLane, offsets, type PageData, type PageLane } from '../page-data.ts'
import { pageShell } from '../page-shell.ts'
import { chartOf } from './chart-data.ts'
import { experimentSection } from './experiment-section.ts'
import { chaosFirstScreen } from './first-screen.ts'

/** A chaos run as one HTML page that needs nothing else, as `renderHtml` makes it of a gate. */
export function renderChaosHtml(run: ChaosRun, runId: string): string {
  const outcome = chaosOutcome(run.experiments.map(({ result }) => result?.outcome))
  return pageShell({
    title: `${outcome.toUpperCase()} · ${run.environment} · ${runId}`,
    body: body(run, runId),
    data: chaosPageData(run),
  })
}

function body(run: ChaosRun, runId: string): Markup {
  return html`${chaosFirstScreen(run, runId)}
<section id="timeline" aria-labelledby="timeline-title" hidden><h2 id="timeline-title">Timeline</h2></section>
<section aria-labelledby="experiments"><h2 id="experiments">Each experiment</h2>
${run.experiments.map((experiment, index) => experimentSection(experiment, index))}
</section>
<noscript><p>The timeline and the charts need JavaScript; everything else is above.</p></noscript>
</main>`
}

/** What the page's script draws: the timeline of the run, and the charts of each experiment. */
export function chaosPageData(run: ChaosRun): PageData {
  const { span, faults, observations, health, intervalMs } = run
  return {
    startedAt: span.from,
    durationMs: span.to - span.from,
    lanes: [
      ...faultLanes(faults, span),
      ...healthLanes({ observations, health, run: { intervalMs } }, span).map((lane) =>
        healthLane(lane, span),
      ),
      ...stepLanes(run),
    ],
    incidents: [],
    files: [],
    tests: [],
    verdicts: [],
    charts: run.experiments.map((experiment) => chartOf(experiment, span.from)),
  }
}

/** What each experiment was at. */
function stepLanes({ experiments, span }: ChaosRun): PageLane[] {
  return experiments.map(({ name, steps, span: own }) => ({
    group: 'platform',
    label: name,
    note: 'steps',
    rows: 1,
    spans: steps.map(({ step, at }, index) => ({
      ...offsets({ from: at, to: steps[index + 1]?.at ?? own.to }, span),
      s: 'step' as const,
      text: step,
    })),
  }))
}
