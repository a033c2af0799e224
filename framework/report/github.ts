import { sentenceOf } from './decision-sentence.ts'
import { text } from './markdown.ts'
import { plain } from './plain.ts'
import type { ReportTest, RunReport } from './run-report.ts'
import { type VerdictGroup, verdictGroups } from './verdict-groups.ts'

/** GitHub shows ten annotations of a kind for each step, and drops the rest. */
const maxAnnotations = 10
const maxRows = 50

/** The run as GitHub Actions shows it. */
export interface GithubReport {
  /** Markdown for the file that `GITHUB_STEP_SUMMARY` names. */
  readonly summary: string
  /** Workflow commands for standard output, a line each. */
  readonly annotations: string
}

/** Job summary and annotations of a run. Text from the run stays text, in the markdown and in the commands. */
export function renderGithub(report: RunReport): GithubReport {
  const groups = verdictGroups(report)
  return {
    summary: `${[
      `## ${report.decision.toUpperCase()}: ${sentenceOf(report)}`,
      ...groups.flatMap(verdictPart),
      ...unwellPart(report),
      countsPart(report),
    ].join('\n\n')}\n`,
    annotations: annotationsOf(report, groups),
  }
}

function verdictPart({ verdict, tests }: VerdictGroup): string[] {
  const scope = verdict.scope === 'runner' ? ' of the runner' : ''
  const sure = verdict.confidence > 0 ? ` · ${Math.round(verdict.confidence * 100)} % sure` : ''
  const rows = tests.slice(0, maxRows).map((test) => `| ${fateOf(test)} | ${text(test.id)} |`)
  return [
    `### ${verdict.class}${scope}: ${text(verdict.subject)} (${text(verdict.reason)})${sure}`,
    [
      ...verdict.evidence.for.slice(0, 4).map((argument) => `- ${text(argument.text)}`),
      ...verdict.evidence.against.slice(0, 3).map((argument) => `- against it: ${text(argument.text)}`),
    ].join('\n'),
    ...(rows.length === 0 ? [] : [['| outcome | test |', '|---|---|', ...rows].join('\n')]),
    ...(tests.length > maxRows ? [`and ${tests.length - maxRows} more`] : []),
  ].filter((part) => part !== '')
}

function unwellPart({ health }: RunReport): string[] {
  const unwell = health.filter(({ worst }) => worst !== 'healthy' && worst !== 'unknown')
  if (unwell.length === 0) return []
  const rows = unwell.map(
    ({ target, vantage, worst, status }) => `| ${text(target)} | ${vantage} | ${worst} | ${status} |`,
  )
  return [
    '### Not well during the run',
    ['| service | seen from | worst | at the end |', '|---|---|---|---|', ...rows].join('\n'),
  ]
}

function countsPart({ tests, durationMs, environment, release, runId }: RunReport): string {
  const fates = Map.groupBy(tests, fateOf)
  const counts = [...fates].map(([fate, list]) => `${list.length} ${fate}`).join(', ')
  const on = `${(durationMs / 1000).toFixed(1)} s on ${text(environment)}${release === null ? '' : `, release ${text(release)}`}`
  return `${counts || 'no tests'} in ${on} · run ${text(runId)}`
}

function fateOf(test: ReportTest): string {
  return test.cleared ? 'cleared' : test.outcome
}

/** One annotation a verdict and file: what blocks is an error, what holds is a warning, what was cleared a notice. */
function annotationsOf(report: RunReport, groups: readonly VerdictGroup[]): string {
  const commands = groups.flatMap(({ verdict, tests }) => {
    const title = `${verdict.class}: ${verdict.subject} (${verdict.reason})`
    const why = verdict.evidence.for[0]?.text ?? sentenceOf(report)
    const files = Map.groupBy(tests, (test) => test.file)
    if (files.size === 0) return [command('warning', { title }, why)]
    return [...files].map(([file, members]) => {
      const blames = verdict.class === 'application' || verdict.class === 'test'
      const level = members.every((test) => test.cleared) ? 'notice' : blames ? 'error' : 'warning'
      const names = members.map((test) => `${fateOf(test)}: ${test.name}`).join('\n')
      return command(level, { ...(file === '' ? {} : { file }), title }, `${why}\n${names}`)
    })
  })
  return commands.slice(0, maxAnnotations).join('\n')
}

function command(level: string, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`)
  return `::${level} ${list.join(',')}::${escapeData(message)}`
}

function escapeData(value: string): string {
  return plain(value).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(value: string): string {
  return escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
