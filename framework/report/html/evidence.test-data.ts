import type { RunEvidence } from '#evidence'
import type { HealthChange } from '#health'
import type { Observation } from '#probe'

/** When the run of these tests began. */
export const began = Date.UTC(2026, 0, 5, 12)

/** A run of ten seconds with one link inside, looked at once a second; nothing has been seen yet. */
export function evidenceOf(part: Partial<RunEvidence>): RunEvidence {
  return {
    run: {
      ...{ id: 'run', root: '/', environment: 'embedded', tierCeiling: 'T3', intervalMs: 1_000, at: began },
      topology: {
        entry: 'app',
        services: {
          app: {
            ...{ name: 'app', owner: 'sut', protocol: 'http', egress: 'private' },
            uses: { database: 'required' },
          },
          database: {
            name: 'database',
            owner: 'platform',
            protocol: 'postgres',
            uses: {},
            egress: 'private',
          },
        },
      },
      policy: { minimumTests: 1, passesToClear: 2, raceSuspected: 'undecided' },
    },
    tier: 'T3',
    ...{ tests: [], started: [], attempts: [], blocked: [], skipped: [], observations: [] },
    ...{ runnerSamples: [], serviceEvents: [], health: [], preFlight: [], recoveryWaits: [], readiness: [] },
    ...{ reruns: [], releases: [], change: null, controlArm: null },
    endedAt: began + 10_000,
    ...part,
  }
}

const link = { target: 'database', link: 'app/database', vantage: 'app-side' } as const

/** A look over the link inside, so many ms after the begin. */
export function lookAt(ms: number, part: Partial<Observation> = {}): Observation {
  return { ...link, at: began + ms, connection: 'new', outcome: 'ok', phases: { totalMs: 5 }, ...part }
}

/** The link inside changes its health. */
export function changeAt(ms: number, status: HealthChange['status']): RunEvidence['health'][number] {
  return { ...link, at: began + ms, since: began + ms, before: 'unknown', status }
}
