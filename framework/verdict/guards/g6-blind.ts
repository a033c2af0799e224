import type { RunEvidence } from '#evidence'

/**
 * G6: judgement is blind to what was injected. Whoever hands in more than the contract has, it is left behind here: only the
 * named parts of the evidence are read, and of the environment's name nothing.
 */
export function blind(evidence: RunEvidence): RunEvidence {
  const { id, root, topology, policy, release, tierCeiling, intervalMs, at } = evidence.run
  return {
    run: {
      ...{ id, root, environment: '', topology, policy, tierCeiling, intervalMs, at },
      ...(release !== undefined && { release }),
    },
    tier: evidence.tier,
    tests: evidence.tests,
    started: evidence.started,
    attempts: evidence.attempts,
    blocked: evidence.blocked,
    skipped: evidence.skipped,
    observations: evidence.observations,
    runnerSamples: evidence.runnerSamples,
    serviceEvents: evidence.serviceEvents,
    health: evidence.health,
    preFlight: evidence.preFlight,
    recoveryWaits: evidence.recoveryWaits,
    readiness: evidence.readiness,
    reruns: evidence.reruns,
    releases: evidence.releases,
    change: evidence.change,
    controlArm: evidence.controlArm,
    endedAt: evidence.endedAt,
  }
}
