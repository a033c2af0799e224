import type { Argument, Verdict } from '#verdict'
import type { ReportTest, RunReport } from './run-report.ts'
import type { Style } from './style.ts'

/** Everything behind the verdict on one test: its attempts with their signals, guards, witnesses and weights. */
export function renderExplanation(report: RunReport, test: ReportTest, style: Style): string {
  const incident = report.incidents.find((each) => each.id === test.incident)
  const others = incident ? incident.tests.filter((id) => id !== test.id).length : 0
  return [
    style.strong(test.id),
    `${test.outcome}${test.cleared ? ', cleared by a rerun' : ''}${test.blockedBy.length > 0 ? `, blocked by ${test.blockedBy.join(', ')}` : ''}`,
    ...test.attempts.flatMap((attempt) => [
      '',
      `attempt ${attempt.n}: ${attempt.outcome}, ${clock(attempt.startedAt)}, ${Math.round(attempt.durationMs)} ms, ${attempt.strategy}`,
      ...attempt.signals.map(
        (signal) =>
          `  ${signal.stableCode} (${signal.family})${signal.consequence ? ', a consequence' : ''}: ${signal.match}`,
      ),
      ...(attempt.fingerprint ? fingerprintLines(report, attempt.fingerprint) : []),
      ...(attempt.verdict ? renderVerdict(attempt.verdict, style) : []),
    ]),
    ...(test.verdict && test.attempts.length === 0 ? ['', ...renderVerdict(test.verdict, style)] : []),
    ...(incident
      ? [
          '',
          `incident ${incident.id}, ${clock(incident.window.from)} – ${clock(incident.window.to)}, shared by ${others} other ${others === 1 ? 'test' : 'tests'}`,
        ]
      : []),
  ].join('\n')
}

function fingerprintLines({ seenBefore }: RunReport, fingerprint: string): string[] {
  const seen = seenBefore[fingerprint]
  if (!seen) return [`  fingerprint ${fingerprint}`]
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const verdicts = Object.entries(seen.verdicts).map(([name, times]) => `${name} ${times}`)
  return [
    `  fingerprint ${fingerprint}`,
    `  seen before in ${seen.runs} ${seen.runs === 1 ? 'run' : 'runs'}, ${day(seen.firstAt)} – ${day(seen.lastAt)}: ${verdicts.join(', ')}`,
  ]
}

function renderVerdict(verdict: Verdict, style: Style): string[] {
  const scope = verdict.scope === null ? '' : ` of the ${verdict.scope}`
  return [
    `  ${style.strong(`${verdict.class}${scope}: ${verdict.subject}`)} (${verdict.reason}), confidence ${verdict.confidence.toFixed(2)} at ${verdict.tier}`,
    ...verdict.evidence.for.map((argument) => `    + ${renderArgument(argument, style)}`),
    ...verdict.evidence.against.map((argument) => `    − ${renderArgument(argument, style)}`),
  ]
}

function renderArgument({ rule, text, weight }: Argument, style: Style): string {
  return `${text} ${style.dim(`[${rule}${weight === undefined ? '' : ` ${weight.toFixed(2)}`}]`)}`
}

/** The time of day, to the millisecond, in UTC. */
function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}
