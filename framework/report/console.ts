import { renderChange, renderKnownIssues } from './context.ts'
import { sentenceOf } from './decision-sentence.ts'
import { plain } from './plain.ts'
import type { ReportTest, RunReport } from './run-report.ts'
import type { Style } from './style.ts'
import { type VerdictGroup, verdictGroups } from './verdict-groups.ts'

const maxTestsShown = 8

export interface SummaryOptions {
  /** Only the decision and the incidents. */
  readonly brief?: boolean
}

/** The whole run on one screen: the decision, why, each incident with the tests that it covers, what was not well. */
export function renderSummary(
  report: RunReport,
  style: Style,
  { brief = false }: SummaryOptions = {},
): string {
  const paint = report.decision === 'pass' ? style.good : report.decision === 'block' ? style.bad : style.warn
  const sections = [
    [
      paint(style.strong(`${report.decision.toUpperCase()}: ${sentenceOf(report)}`)),
      ...renderReasons(report),
    ],
    ...verdictGroups(report).map((group) => renderVerdictGroup(group, style)),
    renderKnownIssues(report, style),
    ...(brief
      ? []
      : [
          renderUnwell(report, style),
          renderInjections(report, style),
          renderChange(report, style),
          [renderCounts(report)],
        ]),
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

/** Incidents with the same verdict, as one: its evidence, and every test that they failed or blocked. */
function renderVerdictGroup({ verdict, incidents, tests }: VerdictGroup, style: Style): string[] {
  const title = `${verdict.class}${verdict.scope === 'runner' ? ' of the runner' : ''}: ${verdict.subject} (${verdict.reason})`
  const paint = verdict.class === 'application' || verdict.class === 'test' ? style.bad : style.warn
  const count = incidents.length > 1 ? `, ${incidents.length} incidents` : ''
  const members = tests.map((test) => `  ${fateOf(test, style)}  ${plain(test.id)}`)
  return [
    `${paint(title)}  ${style.dim(`confidence ${verdict.confidence.toFixed(2)}, ${verdict.tier}${count}`)}`,
    ...verdict.evidence.for.slice(0, 4).map((argument) => `  + ${plain(argument.text)}`),
    ...verdict.evidence.against.slice(0, 3).map((argument) => `  − ${plain(argument.text)}`),
    ...members.slice(0, maxTestsShown),
    ...(members.length > maxTestsShown ? [style.dim(`  … and ${members.length - maxTestsShown} more`)] : []),
  ]
}

function fateOf({ cleared, outcome }: ReportTest, style: Style): string {
  return cleared ? style.good('cleared') : outcome.padEnd('cleared'.length)
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
