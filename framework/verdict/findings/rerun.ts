import { type EpochMs, type Interval, overlaps } from '#core'
import type { Attempt } from '#run'
import { failureTrouble, type Trouble } from '../trouble.ts'
import type { View } from '../view.ts'

/** What running the test again showed. */
export interface RerunFinding {
  /** This failure is itself of a rerun that began on infrastructure that was seen healthy. */
  readonly onHealthy: boolean
  /** The same test had failed before in this run, with the same fault family and target. */
  readonly failedAlikeBefore: boolean
  /** How often in a row the test passed after this failure, until the run's end. */
  readonly passesAfter: number
  readonly firstPassAt: EpochMs | null
  /** The application restarted between this failure and the last of these passes. */
  readonly restartBetween: boolean
}

const nothing: RerunFinding = {
  onHealthy: false,
  failedAlikeBefore: false,
  passesAfter: 0,
  firstPassAt: null,
  restartBetween: false,
}

export function readRerun(
  view: View,
  trouble: Trouble,
  attemptsOf: (testId: string) => readonly Attempt[],
): RerunFinding {
  if (trouble.kind !== 'failure') return nothing
  const { attempt } = trouble
  const attempts = attemptsOf(attempt.testId)
  const index = attempts.indexOf(attempt)
  const round = view.evidence.reruns.findLast(
    (rerun) => rerun.at <= attempt.startedAt && rerun.testIds.includes(attempt.testId),
  )
  const later = attempts.slice(index + 1)
  const passes = later.every((each) => each.outcome === 'passed') ? later : []
  const last = passes.at(-1)
  const between: Interval = {
    from: trouble.window.to,
    to: last ? last.startedAt + last.durationMs : trouble.window.to,
  }
  return {
    onHealthy: round?.healthyBefore === true,
    failedAlikeBefore: attempts
      .slice(0, index)
      .filter((each) => each.outcome === 'failed')
      .map((each) => failureTrouble(view, each, undefined))
      .some((each) => each.family === trouble.family && each.target === trouble.target),
    passesAfter: passes.length,
    firstPassAt: passes[0]?.startedAt ?? null,
    restartBetween: passes.length > 0 && restartedIn(view, between),
  }
}

function restartedIn(view: View, span: Interval): boolean {
  const byEvents = view
    .eventsOf(view.entry)
    .some((event) => event.event !== 'running' && event.at >= span.from && event.at <= span.to)
  const restarts = view.agentNamesInstances ? view.restarts : view.restartsInAnswers
  return byEvents || restarts.some((each) => overlaps(each, span))
}
