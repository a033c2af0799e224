import type { Verdict, VerdictClass } from '#verdict'
import type { ReportIncident, ReportTest, RunReport } from './run-report.ts'

/** Incidents that say the same thing, told as one. */
export interface VerdictGroup {
  /** The surest incident's. */
  readonly verdict: Verdict
  readonly incidents: readonly ReportIncident[]
  /** Every test that they failed or blocked, once. */
  readonly tests: readonly ReportTest[]
}

/** What calls for somebody to act comes first. */
const gravity: readonly VerdictClass[] = ['application', 'test', 'infrastructure', 'inconclusive']

/** The incidents of a run by what they say (class, scope, subject, reason), the gravest first. */
export function verdictGroups(report: RunReport): VerdictGroup[] {
  const tests = new Map(report.tests.map((test) => [test.id, test]))
  const groups = Map.groupBy(report.incidents, ({ verdict }) =>
    JSON.stringify([verdict.class, verdict.scope, verdict.subject, verdict.reason]),
  )
  return [...groups.values()]
    .map((incidents) => ({
      verdict: incidents.reduce((a, b) => (b.verdict.confidence > a.verdict.confidence ? b : a)).verdict,
      incidents,
      tests: [...new Set(incidents.flatMap((incident) => incident.tests))].flatMap(
        (id) => tests.get(id) ?? [],
      ),
    }))
    .toSorted((a, b) => gravity.indexOf(a.verdict.class) - gravity.indexOf(b.verdict.class))
}
