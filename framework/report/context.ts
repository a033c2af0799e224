import type { KnownIssueUse } from '#decision'
import { plain } from './plain.ts'
import type { RunReport } from './run-report.ts'
import type { Style } from './style.ts'

const stateWords: Readonly<Record<KnownIssueUse['state'], string>> = {
  acted: 'overrode the decision',
  matched: 'failed again, and something stands against it',
  expired: 'EXPIRED, acts no longer',
  elsewhere: 'not meant for this run',
  unmatched: 'nothing failed like it',
}

/** What became of each known issue, the loud ones first. */
export function renderKnownIssues({ knownIssues }: RunReport, style: Style): string[] {
  if (knownIssues.length === 0) return []
  return [
    style.strong('Known issues'),
    ...knownIssues.map(({ state, reason, owner, until }) => {
      const line = `  known: ${plain(reason)} (${plain(owner)}) until ${until}: ${stateWords[state]}`
      return state === 'unmatched' || state === 'elsewhere' ? style.dim(line) : style.warn(line)
    }),
  ]
}

const kindWords = {
  'tests-only': 'tests only',
  'application-only': 'the application only',
  both: 'tests and the application',
  unclear: 'files that no glob knows',
  nothing: 'nothing',
} as const

/** What was known of the change: by version control, and by a known-good deployment. */
export function renderChange({ change, controlArm }: RunReport, style: Style): string[] {
  if (!change && !controlArm) return []
  return [
    style.strong('The change'),
    ...(change ? [`  since ${plain(change.base)}: touches ${kindWords[change.kind]}`] : []),
    ...(controlArm ? [`  ${controlSentence(controlArm)}`] : []),
  ]
}

function controlSentence({
  url,
  baselineBuild,
  problem,
  tests,
}: NonNullable<RunReport['controlArm']>): string {
  if (problem !== null) return `nothing is learned from ${url}: ${problem}`
  const count = tests.length === 1 ? 'one failure' : `${tests.length} failures`
  return `${count} run again by turns, here and on ${url} (release ${baselineBuild ?? 'unknown'})`
}
