import type { Exchange, Signal } from '#evidence'
import type { Findings } from '../findings/findings.ts'
import type { SeenOutage } from '../findings/outages.ts'
import type { Outage } from '../outages.ts'
import type { FailureTrouble } from '../trouble.ts'

const t0 = Date.UTC(2026, 0, 1, 12)
const window = { from: t0, to: t0 + 2_000 }
const path = {
  services: ['app', 'database'],
  links: ['client/app', 'app/database'] as const,
}

/** An HTTP conversation with the application that went well, changed where an example needs it. */
export function exampleExchange(change: Partial<Exchange> = {}): Exchange {
  return {
    ...{ protocol: 'http', operation: 'POST /messages', target: 'app', outcome: 'ok', code: '200' },
    ...{ ...window, wellFormed: true },
    ...change,
  }
}

export function exampleSignal(change: Partial<Signal> = {}): Signal {
  return {
    ...{ kind: 'timeout', code: 'TimeoutError', stableCode: 'VT.TIMEOUT', family: 'no-answer' },
    match: 'timed out',
    ...change,
  }
}

export function exampleFailure(change: Partial<FailureTrouble> = {}): FailureTrouble {
  return {
    kind: 'failure',
    attempt: {
      ...{ testId: 'chat.test.ts > answers', n: 1, outcome: 'failed', startedAt: t0, durationMs: 2_000 },
      ...{ strategy: 'normal', timeoutFactor: 1, worker: 'worker:1' },
      ...{ errors: [], signals: [], exchanges: [], patient: [] },
    },
    ...{ window, path, family: 'no-answer', target: 'app', operation: 'POST /messages' },
    ...{ signal: exampleSignal(), exchange: null, valueReceived: false, spared: [] },
    ...change,
  }
}

export function exampleOutage(change: Partial<SeenOutage> = {}): SeenOutage {
  return {
    ...{ link: 'app/database', service: 'database', owner: 'platform', manner: 'down', looks: 8, share: 1 },
    ...{
      from: t0 - 500,
      to: t0 + 5_000,
      recoveredAt: null,
      connections: ['new', 'kept'],
      codes: ['ECONNREFUSED'],
    },
    ...{
      onPath: true,
      overlaps: true,
      fits: true,
      platform: 'unknown',
      seenWellPastLink: false,
      refuted: false,
      explainedBy: null,
    },
    ...change,
  }
}

export function exampleEdgeOutage(change: Partial<Outage> = {}): Outage {
  return {
    ...{ from: t0, to: t0 + 2_000, looks: 6, share: 1, manner: 'down', connections: ['new', 'kept'] },
    ...{ codes: ['ECONNREFUSED'], recoveredAt: null },
    ...change,
  }
}

/** A timeout on an environment that was seen well throughout: what every example is a change of. */
export function exampleFindings(change: Partial<Findings> = {}): Findings {
  return {
    ...{ entryName: 'app', edgeName: 'client/app', tier: 'T3', trouble: exampleFailure() },
    path: { cleared: true, flaws: [], gaps: [], unwatched: [] },
    ...{ dependencies: 'fine', outages: [], slow: [], slots: null, edge: { state: 'fine' } },
    entry: { state: 'same', seenBy: 'app-side', at: null, unwell: false },
    runner: { deniedShare: 0, starved: false, ownCodeHeldLoop: false, controlDead: null, controlFine: true },
    ...{ misuse: null, timeout: null, release: { state: 'as-expected' } },
    change: { touches: null, control: null },
    rerun: {
      onHealthy: false,
      failedAlikeBefore: false,
      passesAfter: 0,
      firstPassAt: null,
      restartBetween: false,
    },
    ...change,
  }
}

/** The same with the database away for everybody. */
export function exampleAway(outage: Partial<SeenOutage> = {}, change: Partial<Findings> = {}): Findings {
  return exampleFindings({
    path: { cleared: false, flaws: ['app/database was seen refused'], gaps: [], unwatched: [] },
    ...{ dependencies: 'down', outages: [exampleOutage(outage)] },
    ...change,
  })
}
