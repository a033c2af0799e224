import type { FaultSchedule, FaultSpec } from '#fault'
import { scheduleFaults } from './injections.ts'
import type { OpenEnvironment } from './open.ts'

/** The faults of an environment that is kept up: windows count from now. */
export async function startStandingFaults(
  specs: readonly FaultSpec[],
  opened: OpenEnvironment,
): Promise<FaultSchedule> {
  const { environment, journal } = opened
  const schedule = scheduleFaults(specs, {
    environment,
    journal,
    pidOf: (part) => environment.processes().find(({ role }) => role === part)?.pid,
    runner: { pids: () => [], longestLagMs: () => 0 },
  })
  await schedule.applyBefore()
  schedule.start()
  return schedule
}
