import type { FaultSchedule, FaultSpec } from '#fault'
import { scheduleFaults } from './injections.ts'
import { entryAnswers, type OpenEnvironment } from './open.ts'

/**
 * The faults of an environment that is kept up. They act on a sound one: windows count from the entry's first answer that
 * is no server error, or from when one that has a defect had its time to give it.
 */
export async function startStandingFaults(
  specs: readonly FaultSpec[],
  opened: OpenEnvironment,
  signal: AbortSignal,
): Promise<FaultSchedule> {
  const { environment, journal } = opened
  const schedule = scheduleFaults(specs, {
    environment,
    journal,
    pidOf: (part) => environment.processes().find(({ role }) => role === part)?.pid,
    runner: { pids: () => [], longestLagMs: () => 0 },
  })
  await schedule.applyBefore()
  if (specs.length > 0) await entryAnswers(environment, signal, (status) => status < 500)
  await schedule.start()
  return schedule
}
