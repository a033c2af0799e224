import { now } from '#core'
import type { JournalSink } from '#journal'
import type { Blocked, HostEvents, TestDefinition, TestHost } from '#run'
import type { StrategyChoice, StrategyPolicy } from '#strategy'
import type { GateProgress } from './gate-request.ts'
import type { Guide } from './guide.ts'

/** Writes down what the host reports, and passes it on to whoever watches. */
export function recordEvents(journal: JournalSink, onProgress: (progress: GateProgress) => void): HostEvents {
  return {
    attemptEnded(attempt) {
      journal.append({ source: attempt.worker, kind: 'attempt', data: attempt })
      onProgress({
        kind: 'test',
        id: attempt.testId,
        outcome: attempt.outcome,
        durationMs: attempt.durationMs,
        attempt: { n: attempt.n, strategy: attempt.strategy },
      })
    },
    blocked(blocked) {
      journal.append({ at: blocked.at, source: 'host', kind: 'blocked', data: blocked })
      onProgress({ kind: 'test', id: blocked.testId, outcome: 'blocked' })
    },
    skipped(skipped) {
      journal.append({ at: skipped.at, source: 'host', kind: 'skipped', data: skipped })
      onProgress({ kind: 'test', id: skipped.testId, outcome: 'skipped' })
    },
  }
}

export interface SuitesOptions {
  readonly tests: readonly TestDefinition[]
  readonly guide: Guide
  readonly host: TestHost
  readonly events: HostEvents
  readonly policy: StrategyPolicy
  readonly signal: AbortSignal
}

/**
 * Runs the tests, unless what they need is down for all of them. Where the policy fails fast, the first test that is
 * blocked ends the run, and the tests that have no outcome by then are blocked with it.
 */
export async function runSuites({
  tests,
  guide,
  host,
  events,
  policy,
  signal,
}: SuitesOptions): Promise<void> {
  const runnable = tests.filter((test) => !test.skipped)
  await guide.waitForRecovery(runnable.map((test) => test.needs))
  const choices = runnable.map((test) => ({ test, choice: guide.choose(test.needs) }))
  const blocked = choices.filter(({ choice }) => choice.blockedBy.length > 0)
  const isHopeless =
    blocked.length > 0 && (blocked.length === runnable.length || policy.onRequiredDown === 'fail-fast')
  if (isHopeless) return blockAll(runnable, blocked[0]!.choice, events)

  const settled = new Set<string>()
  const watched = noteSettled(events, settled)
  const failFast = new AbortController()
  void guide.failedFast.then((choice) => failFast.abort(choice))
  try {
    await host.run(watched, AbortSignal.any([signal, failFast.signal]))
  } catch (error) {
    if (signal.aborted || !failFast.signal.aborted) throw error
  }
  if (failFast.signal.aborted) {
    const rest = runnable.filter((test) => !settled.has(test.id))
    blockAll(rest, failFast.signal.reason as StrategyChoice, events)
  }
}

function blockAll(tests: readonly TestDefinition[], choice: StrategyChoice, events: HostEvents): void {
  const strategy = choice.strategy === 'fail-fast' ? 'fail-fast' : 'graceful-skip'
  for (const test of tests)
    events.blocked({ testId: test.id, at: now(), blockedBy: choice.blockedBy, strategy } satisfies Blocked)
}

function noteSettled(events: HostEvents, settled: Set<string>): HostEvents {
  return {
    ...events,
    attemptEnded(attempt) {
      settled.add(attempt.testId)
      events.attemptEnded(attempt)
    },
    blocked(blocked) {
      settled.add(blocked.testId)
      events.blocked(blocked)
    },
    skipped(skipped) {
      settled.add(skipped.testId)
      events.skipped(skipped)
    },
  }
}
