import type { ReportIncident, ReportTest, RunReport } from './run-report.ts'
import type { Style } from './style.ts'

const sentence = {
  pass: 'PASS: the tests that decide have passed.',
  block: 'BLOCK: the change, or a test, is at fault. A retry would not help.',
  undecided: 'UNDECIDED: the evidence does not say who is at fault. A person must look.',
  hold: 'HOLD: only infrastructure stands in the way. Nothing was deployed; try again later.',
} as const

const maxTestsShown = 8

/** The whole run on one screen: the decision, why, each incident with the tests that it covers, what was not well. */
export function renderSummary(report: RunReport, style: Style): string {
  const paint = report.decision === 'pass' ? style.good : report.decision === 'block' ? style.bad : style.warn
  const sections = [
    [paint(style.strong(sentence[report.decision])), ...renderReasons(report)],
    ...groupByVerdict(report.incidents).map((group) => renderVerdictGroup(group, report.tests, style)),
    renderUnwell(report, style),
    renderInjections(report, style),
    [renderCounts(report)],
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

/** Each reason once, with how many tests share it. */
function renderReasons({ reasons }: RunReport): string[] {
  const byMessage = Map.groupBy(reasons, (reason) => reason.message)
  return [...byMessage].map(
    ([message, same]) => `  ${message}${same.length > 1 ? ` (${same.length} tests)` : ''}`,
  )
}

function groupByVerdict(incidents: readonly ReportIncident[]): ReportIncident[][] {
  const groups = Map.groupBy(incidents, ({ verdict }) =>
    [verdict.class, verdict.scope, verdict.subject, verdict.reason].join('|'),
  )
  return [...groups.values()]
}

/** Incidents with the same verdict, as one: its evidence, and every test that they failed or blocked. */
function renderVerdictGroup(
  incidents: readonly ReportIncident[],
  tests: readonly ReportTest[],
  style: Style,
): string[] {
  const { verdict } = incidents.reduce((a, b) => (b.verdict.confidence > a.verdict.confidence ? b : a))
  const title = `${verdict.class}${verdict.scope === 'runner' ? ' of the runner' : ''}: ${verdict.subject} (${verdict.reason})`
  const paint = verdict.class === 'application' || verdict.class === 'test' ? style.bad : style.warn
  const count = incidents.length > 1 ? `, ${incidents.length} incidents` : ''
  const ids = [...new Set(incidents.flatMap((incident) => incident.tests))]
  const members = ids.map(
    (id) =>
      `  ${fateOf(
        tests.find((test) => test.id === id),
        style,
      )}  ${id}`,
  )
  return [
    `${paint(title)}  ${style.dim(`confidence ${verdict.confidence.toFixed(2)}, ${verdict.tier}${count}`)}`,
    ...verdict.evidence.for.slice(0, 4).map((argument) => `  + ${argument.text}`),
    ...verdict.evidence.against.slice(0, 3).map((argument) => `  − ${argument.text}`),
    ...members.slice(0, maxTestsShown),
    ...(members.length > maxTestsShown ? [style.dim(`  … and ${members.length - maxTestsShown} more`)] : []),
  ]
}

function fateOf(test: ReportTest | undefined, style: Style): string {
  if (test?.cleared) return style.good('cleared')
  return (test?.outcome ?? 'failed').padEnd('cleared'.length)
}

function renderUnwell(report: RunReport, style: Style): string[] {
  const unwell = report.health.filter((health) => !['healthy', 'unknown'].includes(health.worst))
  if (unwell.length === 0) return []
  return [
    style.strong('Not well during the run'),
    ...unwell.map(
      (health) => `  ${health.target} (${health.vantage}): ${health.worst}, ${health.status} at the end`,
    ),
  ]
}

function renderInjections(report: RunReport, style: Style): string[] {
  if (report.injections.length === 0) return []
  const word = (bit: boolean | null) =>
    bit === null ? 'effect unknown' : bit ? 'bit' : style.warn('did not bite')
  return [
    style.strong('Injected'),
    ...report.injections.map(
      ({ fault, target, window, bit }) => `  ${fault}@${target} ${window}: ${word(bit)}`,
    ),
  ]
}

function renderCounts(report: RunReport): string {
  const count = (outcome: ReportTest['outcome']) =>
    report.tests.filter((test) => test.outcome === outcome).length
  const cleared = report.tests.filter((test) => test.cleared).length
  const parts = [
    `${count('passed')} passed${cleared > 0 ? ` (${cleared} cleared by a rerun)` : ''}`,
    `${count('failed')} failed`,
    `${count('blocked')} blocked`,
    `${count('skipped')} skipped`,
  ]
  return `${parts.join(', ')} in ${(report.durationMs / 1000).toFixed(1)} s on ${report.environment}${report.release ? `, release ${report.release}` : ''}`
}
