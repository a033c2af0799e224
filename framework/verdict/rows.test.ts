import { expect, test } from 'vitest'
import { decide } from '#decision'
import { projectEvidence, type Tier } from '#evidence'
import type { TestDefinition } from '#run'
import { judge } from './judge.ts'
import {
  answeredError,
  attempt,
  definition,
  exchange,
  ownCode,
  passed,
  peerGone,
  recordsOf,
  rerun,
  signal,
  soundWorld,
  type TrueOutage,
  t0,
  timedOut,
  type World,
  wrongValue,
} from './world.test-data.ts'

const databaseAway: TrueOutage = {
  on: 'app/database',
  outcome: 'refused',
  code: 'ECONNREFUSED',
  from: 3_000,
  to: 99_000,
}
const claims = { claims: ['database'] }

/** What the server answers to a test that asks it itself. */
function askedInSql(testId: string, from: number, code: string, match: string) {
  const thrown = { name: 'error', message: match, frame: 'test', phase: 'act' } as const
  const asked = { protocol: 'postgres', operation: 'SELECT', target: 'database', code } as const
  return attempt(testId, {
    ...{ from, to: from + 10, errors: [thrown] },
    signals: [signal('answered-error', { kind: 'sqlstate', code, stableCode: `PG.${code}`, match })],
    exchanges: [exchange(from + 1, from + 9, { ...asked, outcome: 'ok' })],
  })
}

interface Row {
  readonly what: string
  readonly world: Partial<World>
  readonly exit: number
  /** What every test of it needs. */
  readonly needs?: TestDefinition['needs']
  /** `class scope subject reason` of the last failed attempt, by test. */
  readonly verdicts?: Readonly<Record<string, string>>
  readonly cleared?: readonly string[]
  /** When it differs with fewer keys. */
  readonly lower?: Partial<Record<Tier, number>>
}

const authAway: TrueOutage = { ...databaseAway, on: 'app/auth' }
const modelAway: TrueOutage = { ...databaseAway, on: 'app/model', to: 5_000 }
const balancerAlone: TrueOutage = { ...databaseAway, on: 'client/app', outcome: 'unwell', code: '503' }
const lacksModel = { claims: ['model'] }

/** A look that is answered late, and then none in time. */
const slowUntilDead: Partial<World> = {
  outages: [{ ...databaseAway, outcome: 'no-answer', code: 'DEADLINE_EXCEEDED', from: 3_250 }],
  slow: [{ on: 'app/database', tookMs: 600, from: 3_000, to: 3_250 }],
}

/** No look is answered before it gives up. */
const tooSlow: TrueOutage = {
  ...{ ...databaseAway, outcome: 'no-answer', code: 'DEADLINE_EXCEEDED', givesUpMs: 1_000 },
}

const preFlight = (down: readonly string[], at = 6_000, waitedMs = 5_000) => [
  { at: t0 + at, source: 'session', kind: 'pre-flight', data: { ready: false, waitedMs, down } },
]
const crash = { from: 5_000, to: 6_000, by: 'itself' } as const
const endsUnderAnOperation: Partial<World> = { ends: [crash], attempts: [peerGone('a', 4_900, 5_001)] }

const rows: readonly Row[] = [
  {
    what: 'a database link that is down, 503 with a claim',
    world: { outages: [databaseAway], attempts: [answeredError('a', 4_000, 4_020, claims)] },
    exit: 75,
    verdicts: { a: 'infrastructure environment app/database link-down' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a database link that is silent, the test times out',
    world: {
      outages: [{ ...databaseAway, outcome: 'no-answer' }],
      attempts: [timedOut('a', 4_000, 9_000)],
    },
    exit: 75,
    verdicts: { a: 'infrastructure environment app/database link-silent' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a failure in the first moment of an outage, before anybody looked',
    world: { outages: [{ ...databaseAway, from: 3_010 }], attempts: [answeredError('a', 3_020, 3_030)] },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a victim that passes twice after the recovery',
    world: {
      outages: [{ ...databaseAway, to: 6_000 }],
      attempts: [
        answeredError('a', 4_000, 4_020),
        passed('a', 2, 9_000, 9_020),
        passed('a', 3, 10_000, 10_020),
      ],
      more: [rerun(1, ['a'], 8_900), rerun(2, ['a'], 9_900)],
    },
    exit: 0,
    cleared: ['a'],
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a victim that passes only once',
    world: {
      outages: [{ ...databaseAway, to: 6_000 }],
      attempts: [answeredError('a', 4_000, 4_020), passed('a', 2, 9_000, 9_020)],
      more: [rerun(1, ['a'], 8_900)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a victim that passes after the application restarted',
    world: {
      outages: [{ ...databaseAway, to: 6_000 }],
      ends: [{ from: 7_000, to: 7_500, by: 'itself' }],
      attempts: [
        answeredError('a', 4_000, 4_020),
        passed('a', 2, 9_000, 9_020),
        passed('a', 3, 10_000, 10_020),
      ],
      more: [rerun(1, ['a'], 8_900), rerun(2, ['a'], 9_900)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a victim that fails again on healthy infrastructure',
    world: {
      outages: [{ ...databaseAway, to: 6_000 }],
      attempts: [answeredError('a', 4_000, 4_020), { ...answeredError('a', 9_000, 9_020), n: 2 }],
      more: [rerun(1, ['a'], 8_900)],
    },
    exit: 1,
    verdicts: { a: 'application null app fails-again' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a browser that isn’t there, again in the rerun',
    world: {
      attempts: [1, 2].map((n) =>
        attempt('a', {
          ...{ n, from: n * 4_000, to: n * 4_000 + 500 },
          signals: [signal('starved', { stableCode: 'BR.LAUNCH', phase: 'set-up' })],
        }),
      ),
      more: [rerun(1, ['a'], 7_900)],
    },
    exit: 3,
    verdicts: { a: 'inconclusive null app no-witness' },
  },
  {
    what: 'an optional service away, and nothing failed',
    world: {
      outages: [{ ...databaseAway, on: 'app/analytics' }],
      attempts: [passed('a', 1, 4_000, 4_020)],
    },
    exit: 0,
  },
  {
    what: 'the edge down while the application answers app-side',
    world: { outages: [{ ...databaseAway, on: 'client/app' }], attempts: [peerGone('a', 4_000, 4_010)] },
    exit: 75,
    verdicts: { a: 'infrastructure environment client/app edge-down' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a wrong value',
    world: { attempts: [wrongValue('a', 4_000, 4_020), passed('b', 1, 5_000, 5_020)] },
    exit: 1,
    verdicts: { a: 'application null app or-expectation' },
  },
  {
    what: 'a crash, and a bystander that met its ruins',
    world: {
      ends: [crash],
      attempts: [peerGone('a', 4_900, 5_001), peerGone('b', 5_400, 5_410), timedOut('c', 4_800, 5_900)],
    },
    exit: 1,
    verdicts: {
      a: 'application null app exited',
      b: 'application null app exited',
      c: 'application null app exited',
    },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a pool leak: timeouts on a path that is fine',
    world: { attempts: [timedOut('a', 4_000, 9_000)] },
    exit: 1,
    verdicts: { a: 'application null app path-cleared' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an application that hangs with all its dependencies fine',
    world: { ends: [{ from: 4_500, to: 99_000, by: 'hang' }], attempts: [timedOut('a', 4_400, 9_000)] },
    exit: 1,
    verdicts: { a: 'application null app hung' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an application that crash-loops before the suites',
    world: {
      ends: [0, 1, 2, 3, 4, 5].map((n) => ({ from: n * 1_000, to: n * 1_000 + 900, by: 'itself' as const })),
      more: preFlight(['app']),
      blocked: [{ testId: 'a', at: t0 + 6_000, blockedBy: ['app'], strategy: 'graceful-skip' }],
    },
    exit: 1,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an application that is never ready before the suites, while its database is fine',
    world: {
      outages: [],
      more: preFlight(['app']),
      ends: [{ from: 0, to: 99_000, by: 'hang' }],
      blocked: [{ testId: 'a', at: t0 + 6_000, blockedBy: ['app'], strategy: 'graceful-skip' }],
    },
    exit: 1,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a wrong value while analytics is away',
    world: {
      outages: [{ ...databaseAway, on: 'app/analytics' }],
      attempts: [wrongValue('a', 4_000, 4_020)],
    },
    exit: 1,
  },
  {
    what: 'a wrong value while the database is away',
    world: { outages: [databaseAway], attempts: [wrongValue('a', 4_000, 4_020)] },
    exit: 1,
  },
  {
    what: 'an error of the application while analytics is away',
    world: {
      outages: [{ ...databaseAway, on: 'app/analytics' }],
      attempts: [answeredError('a', 4_000, 4_020, { claims: ['analytics'] })],
    },
    exit: 1,
    verdicts: { a: 'application null app server-error' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a defect beside a victim that is cleared',
    world: {
      outages: [{ ...databaseAway, to: 6_000 }],
      attempts: [
        answeredError('a', 4_000, 4_020),
        passed('a', 2, 9_000, 9_020),
        passed('a', 3, 10_000, 10_020),
        wrongValue('b', 8_000, 8_020),
      ],
      more: [rerun(1, ['a'], 8_900), rerun(2, ['a'], 9_900)],
    },
    exit: 1,
    cleared: ['a'],
  },
  {
    what: 'a starved runner',
    world: { starved: [{ from: 3_000, to: 12_000 }], attempts: [timedOut('a', 4_000, 9_000)] },
    exit: 75,
    verdicts: { a: 'infrastructure runner runner runner-starved' },
  },
  {
    what: 'a test that waits in a system call of its own, while the rest of the runner is fine',
    world: { waits: [{ from: 3_000, to: 12_000 }], attempts: [timedOut('a', 4_000, 9_000)] },
    exit: 3,
  },
  {
    what: 'a worker whose own code held its loop',
    world: { busy: [{ from: 3_000, to: 12_000 }], attempts: [timedOut('a', 4_000, 9_000)] },
    exit: 1,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an application that blocks itself while the runner is starved',
    world: {
      starved: [{ from: 3_000, to: 12_000 }],
      ends: [{ from: 4_500, to: 99_000, by: 'hang' }],
      attempts: [timedOut('a', 4_400, 9_000)],
    },
    exit: 1,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a time-out that is far longer than others took on the same starved runner',
    world: {
      starved: [{ from: 1_000, to: 20_000 }],
      attempts: [
        ...[1_000, 2_000, 3_000].map((at) => passed(`p${at}`, 1, at, at + 400)),
        timedOut('a', 4_000, 12_000),
      ],
    },
    exit: 3,
  },
  {
    what: 'the runner’s own network',
    world: {
      outages: [
        { ...databaseAway, on: 'client/app' },
        { ...databaseAway, on: 'control' },
      ],
      attempts: [peerGone('a', 4_000, 4_010)],
    },
    exit: 75,
    verdicts: { a: 'infrastructure runner runner runner-network' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a bad URL',
    world: {
      attempts: [
        attempt('a', {
          from: 4_000,
          to: 4_005,
          signals: [signal('misuse', { stableCode: 'FETCH.ARG', code: 'ERR_INVALID_URL' })],
        }),
      ],
    },
    exit: 1,
    verdicts: { a: 'test null a bad-url' },
  },
  {
    what: 'a statement of the test’s own that is no SQL',
    world: { attempts: [askedInSql('a', 4_000, '42601', 'syntax error at or near "SELEKT"')] },
    exit: 1,
    verdicts: { a: 'test null a misuse' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a table that the test asks for and that isn’t there: the application may have left it out',
    world: { attempts: [askedInSql('a', 4_000, '42P01', 'relation "messages" does not exist')] },
    exit: 1,
    verdicts: { a: 'application null app path-cleared' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a mistake in the test’s code',
    world: { attempts: [ownCode('a', 4_000)] },
    exit: 1,
    verdicts: { a: 'test null a own-code' },
  },
  {
    what: 'a limit of the test’s own below what good answers take',
    world: {
      attempts: [
        ...[1_000, 2_000, 3_000].map((at) => passed(`p${at}`, 1, at, at + 300)),
        { ...timedOut('a', 4_000, 4_050), ownTimeoutMs: 50 },
      ],
    },
    exit: 1,
    verdicts: { a: 'test null a own-timeout' },
  },
  {
    what: 'a database that is stopped before the suites',
    world: {
      outages: [{ ...databaseAway, from: 0 }],
      platform: [{ service: 'database', event: 'stopped', at: 0 }],
      more: preFlight(['database']),
      blocked: [{ testId: 'a', at: t0 + 6_000, blockedBy: ['database'], strategy: 'fail-fast' }],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an outage that nobody was there to see',
    world: {
      gaps: [{ from: 3_000, to: 99_000 }],
      outages: [{ ...databaseAway, from: 5_000 }],
      attempts: [answeredError('a', 6_000, 6_020, claims)],
    },
    exit: 3,
    verdicts: { a: 'inconclusive null app missing-data' },
  },
  {
    what: 'a wrong value that nobody was there to see',
    world: { gaps: [{ from: 3_000, to: 99_000 }], attempts: [wrongValue('a', 6_000, 6_020)] },
    exit: 1,
  },
  {
    what: 'a service of ours away behind its link, with nobody to say that it ran',
    world: {
      outages: [authAway],
      platform: [],
      attempts: [answeredError('a', 4_000, 4_020, { claims: ['auth'] })],
    },
    exit: 75,
    verdicts: { a: 'infrastructure environment app/auth link-down' },
    lower: { T2: 3, T1: 3, T0: 3 },
  },
  {
    what: 'a service of ours that ended by itself',
    world: {
      outages: [authAway],
      platform: [{ service: 'auth', event: 'exited', at: 2_990 }],
      attempts: [answeredError('a', 4_000, 4_020)],
    },
    exit: 1,
    verdicts: { a: 'application null auth owned-service-exited' },
    lower: { T2: 3, T1: 3, T0: 3 },
  },
  {
    what: 'an application that ends while its database is away',
    world: { outages: [databaseAway], ...endsUnderAnOperation },
    exit: 3,
    verdicts: { a: 'inconclusive null app end-during-outage' },
  },
  {
    what: 'an application that ends while a service of ours has ended, and all that is not ours is well',
    world: {
      outages: [authAway],
      platform: [{ service: 'auth', event: 'exited', at: 2_990 }],
      ...endsUnderAnOperation,
    },
    exit: 1,
    verdicts: { a: 'application null app ended-together' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an application that ends while the link to a service of ours that runs is dead',
    world: {
      outages: [authAway],
      platform: [],
      ...endsUnderAnOperation,
    },
    exit: 3,
    verdicts: { a: 'inconclusive null app end-during-outage' },
    lower: { T2: 1 },
  },
  {
    what: 'an application that ends while the platform has stopped a service of ours',
    world: {
      outages: [authAway],
      platform: [{ service: 'auth', event: 'stopped', at: 2_990 }],
      ...endsUnderAnOperation,
    },
    exit: 3,
    verdicts: { a: 'inconclusive null app end-during-outage' },
    lower: { T2: 1 },
  },
  {
    what: 'an application that ends while a service of ours and the database are dead',
    world: {
      outages: [authAway, databaseAway],
      platform: [],
      ...endsUnderAnOperation,
    },
    exit: 3,
    verdicts: { a: 'inconclusive null app end-during-outage' },
  },
  {
    what: 'a failure that passes again, with nothing ever seen',
    world: {
      attempts: [timedOut('a', 4_000, 5_000), passed('a', 2, 9_000, 9_020), passed('a', 3, 10_000, 10_020)],
      more: [rerun(1, ['a'], 8_900), rerun(2, ['a'], 9_900)],
    },
    exit: 3,
    verdicts: { a: 'inconclusive null a race-suspected' },
  },
  {
    what: 'another build than the one that was asked for',
    world: { release: 'b2', attempts: [wrongValue('a', 4_000, 4_020)] },
    exit: 3,
    verdicts: { a: 'inconclusive null app wrong-release' },
  },
  {
    what: 'new connections that are refused while kept ones go on',
    world: {
      outages: [{ ...databaseAway, connection: 'new' }],
      attempts: [answeredError('a', 4_000, 4_020, claims)],
    },
    exit: 75,
    verdicts: { a: 'infrastructure environment app/database link-down' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an error of the application while a link that it doesn’t need takes no new connections',
    world: {
      outages: [{ ...databaseAway, on: 'app/analytics', connection: 'new' }],
      attempts: [answeredError('a', 4_000, 4_020)],
    },
    exit: 1,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link that fails one look in five',
    world: {
      outages: [{ ...databaseAway, connection: 'new', every: 5 }],
      attempts: [answeredError('a', 5_600, 5_620, claims)],
    },
    exit: 75,
    verdicts: { a: 'infrastructure environment app/database link-flapping' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link that failed a single look, and an error long after',
    world: {
      outages: [{ ...databaseAway, from: 3_000, to: 3_200, connection: 'new' }],
      attempts: [answeredError('a', 7_000, 7_020)],
    },
    exit: 1,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a wrong value over a link that fails one look in five',
    world: {
      outages: [{ ...databaseAway, connection: 'new', every: 5 }],
      attempts: [wrongValue('a', 5_600, 5_620)],
    },
    exit: 1,
  },
  {
    what: 'a link that is so slow that the operation runs into its limit',
    world: {
      slow: [{ on: 'app/database', tookMs: 700, from: 3_000, to: 9_500 }],
      attempts: [timedOut('a', 4_000, 9_000)],
    },
    exit: 75,
    verdicts: { a: 'infrastructure environment app/database link-slow' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a time-out that a little slowness doesn’t explain',
    world: {
      slow: [{ on: 'app/database', tookMs: 60, from: 3_000, to: 9_500 }],
      attempts: [timedOut('a', 4_000, 9_000)],
    },
    exit: 1,
    verdicts: { a: 'application null app path-cleared' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an error that names nothing, over a slow link',
    world: {
      slow: [{ on: 'app/database', tookMs: 700, from: 3_000, to: 9_500 }],
      attempts: [answeredError('a', 4_000, 4_900)],
    },
    exit: 3,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a pool leak that outlasts a slow link',
    world: {
      slow: [{ on: 'app/database', tookMs: 700, from: 3_000, to: 9_500 }],
      attempts: [timedOut('a', 4_000, 9_000), { ...timedOut('a', 12_000, 17_000), n: 2 }],
      more: [rerun(1, ['a'], 11_900)],
    },
    exit: 1,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link that the agent alone sees dead, while the server counts queries of the application',
    world: {
      outages: [databaseAway],
      asks: [{ session: 1, begun: 10, at: 4_500 }],
      attempts: [answeredError('a', 5_000, 5_020, claims)],
    },
    exit: 3,
  },
  {
    what: 'a dead link, with the application’s last query from before',
    world: {
      outages: [databaseAway],
      asks: [{ session: 1, begun: 10, at: 2_990 }],
      attempts: [answeredError('a', 5_000, 5_020, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a dead link, with the application’s queries as soon as it is back',
    world: {
      outages: [{ ...databaseAway, to: 6_100 }],
      asks: [{ session: 1, begun: 10, at: 6_100 }],
      attempts: [answeredError('a', 5_000, 5_020, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link that refuses new connections, while the application asks over those it has',
    world: {
      outages: [{ ...databaseAway, connection: 'new' }],
      asks: [{ session: 1, begun: 10, at: 4_500 }],
      attempts: [answeredError('a', 5_000, 5_020, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link that refuses the agent’s new connections, while the application makes new ones',
    world: {
      outages: [{ ...databaseAway, connection: 'new' }],
      asks: [{ session: 1, begun: 4_500, at: 4_510 }],
      attempts: [answeredError('a', 5_000, 5_020, claims)],
    },
    exit: 3,
  },
  {
    what: 'a link dead for the agent alone, for its new connections first, while the application makes new ones',
    world: {
      outages: [
        { ...databaseAway, connection: 'new' },
        { ...databaseAway, connection: 'kept', from: 3_900 },
      ],
      asks: [{ session: 1, begun: 5_500, at: 5_510 }],
      attempts: [answeredError('a', 6_000, 6_020, claims)],
    },
    exit: 3,
  },
  {
    what: 'a link that the agent alone sees dead, while the application goes on saying that it is ready',
    world: {
      outages: [databaseAway],
      says: [{ from: 3_500, to: 9_000, status: 200 }],
      attempts: [answeredError('a', 3_020, 3_030, claims)],
    },
    exit: 3,
  },
  {
    what: 'a link that refuses the agent’s new connections, while the application goes on saying that it is ready',
    world: {
      outages: [{ ...databaseAway, connection: 'new' }],
      says: [{ from: 3_500, to: 9_000, status: 200 }],
      attempts: [answeredError('a', 5_000, 5_020, { code: '500' })],
    },
    exit: 3,
  },
  {
    what: 'a link that refuses new connections, of which the application says that it isn’t ready',
    world: {
      outages: [{ ...databaseAway, connection: 'new' }],
      says: [{ from: 3_500, to: 9_000, status: 503 }],
      attempts: [answeredError('a', 5_000, 5_020, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a dead link, and an application that was not ready before, while the link was well',
    world: {
      outages: [databaseAway],
      says: [{ from: 1_000, to: 2_600, status: 503 }],
      attempts: [answeredError('a', 4_000, 4_020, claims)],
    },
    exit: 3,
  },
  {
    what: 'a dead link, and a readiness that was asked for under a path that isn’t there',
    world: {
      outages: [databaseAway],
      says: [{ from: 1_000, to: 9_000, status: 404 }],
      attempts: [answeredError('a', 4_000, 4_020, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a dead link, and an application that was not ready until just before',
    world: {
      outages: [databaseAway],
      says: [
        { from: 0, to: 1_400, status: 503 },
        { from: 1_500, to: 2_000, status: 200 },
      ],
      attempts: [answeredError('a', 4_000, 4_020, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an application that is not ready yet after an outage, and another one',
    world: {
      outages: [{ ...databaseAway, from: 500, to: 2_250 }, databaseAway],
      says: [{ from: 1_000, to: 2_600, status: 503 }],
      attempts: [answeredError('a', 4_000, 4_020, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an outage that heals, while a service was away that the test can do without',
    needs: { model: 'optional' },
    world: {
      outages: [modelAway, { ...databaseAway, to: 5_000 }],
      attempts: [
        answeredError('a', 4_000, 4_020, claims),
        passed('a', 2, 9_000, 9_100),
        passed('a', 3, 9_500, 9_600),
      ],
      more: [rerun(1, ['a'], 8_900), rerun(2, ['a'], 9_400)],
    },
    exit: 3,
  },
  {
    what: 'a service of ours that is silent while its process runs: it may hang',
    world: {
      outages: [{ ...authAway, outcome: 'no-answer', code: 'DEADLINE_EXCEEDED' }],
      attempts: [answeredError('a', 4_000, 4_020, { claims: ['auth'] })],
    },
    exit: 3,
  },
  {
    what: 'somebody on the way to the application answers in its place',
    world: {
      outages: [balancerAlone],
      attempts: [answeredError('a', 4_000, 4_020, { producer: 'unknown' })],
    },
    exit: 75,
    verdicts: { a: 'infrastructure environment client/app edge-down' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an error of the application’s own, while somebody on the way answers in its place',
    world: {
      outages: [balancerAlone],
      attempts: [answeredError('a', 4_000, 4_020, { code: '500', producer: 'unknown' })],
    },
    exit: 3,
  },
  {
    what: 'a dead link, of which the application says that it isn’t ready',
    world: {
      outages: [databaseAway],
      says: [{ from: 3_500, to: 9_000, status: 503 }],
      attempts: [answeredError('a', 3_020, 3_030, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a dead link, of which the application found out a little later',
    world: {
      outages: [databaseAway],
      says: [
        { from: 3_500, to: 4_600, status: 200 },
        { from: 5_000, to: 9_000, status: 503 },
      ],
      attempts: [answeredError('a', 3_020, 3_030, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link so slow that looks give up, over which the application says late that it is ready',
    world: {
      ...slowUntilDead,
      says: [{ from: 4_000, to: 9_000, status: 200, tookMs: 450 }],
      attempts: [answeredError('a', 4_500, 6_500, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link so slow that looks give up, over which the application begins sessions as slowly',
    world: {
      ...slowUntilDead,
      asks: [{ session: 1, begun: 4_500, at: 6_400 }],
      attempts: [answeredError('a', 4_500, 6_500, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link so slow that no look is answered, over which no session asks before it is older than looks wait',
    world: {
      outages: [tooSlow],
      asks: [
        { session: 1, begun: 4_500, at: 6_400 },
        { session: 2, begun: 4_700, at: 7_900 },
      ],
      attempts: [answeredError('a', 4_500, 6_500, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link on which no look is answered, while a session from before asks again',
    world: {
      outages: [tooSlow],
      asks: [
        { session: 1, begun: 10, at: 4_500 },
        { session: 1, begun: 10, at: 6_500 },
      ],
      attempts: [answeredError('a', 4_500, 6_500, claims)],
    },
    exit: 3,
  },
  {
    what: 'a link that is silent for the agent alone, while a session of the application begins and asks at once',
    world: {
      outages: [tooSlow],
      asks: [{ session: 1, begun: 4_500, at: 4_510 }],
      attempts: [answeredError('a', 4_500, 6_500, claims)],
    },
    exit: 3,
  },
  {
    what: 'a link so slow that looks give up for the agent alone, while the application’s new sessions ask at once',
    world: {
      ...slowUntilDead,
      asks: [{ session: 1, begun: 4_500, at: 4_510 }],
      attempts: [answeredError('a', 4_500, 6_500, claims)],
    },
    exit: 3,
  },
  {
    what: 'a link so slow that looks give up for the agent alone, while a session of the application asks again in no time',
    world: {
      ...slowUntilDead,
      asks: [
        { session: 1, begun: 10, at: 4_500 },
        { session: 1, begun: 10, at: 4_755 },
      ],
      attempts: [answeredError('a', 4_500, 6_500, claims)],
    },
    exit: 3,
  },
  {
    what: 'a link that lets kept connections die, while the application asks over new ones',
    world: {
      outages: [{ ...databaseAway, connection: 'kept' }],
      asks: [{ session: 1, begun: 4_500, at: 4_510 }],
      attempts: [answeredError('a', 5_000, 5_020, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link that lets the agent’s kept connections die, while the application asks over those it kept',
    world: {
      outages: [{ ...databaseAway, connection: 'kept' }],
      asks: [{ session: 1, begun: 10, at: 4_510 }],
      attempts: [answeredError('a', 5_000, 5_020, claims)],
    },
    exit: 3,
  },
  {
    what: 'a link that is silent one way: each session’s question arrives once',
    world: {
      outages: [{ ...databaseAway, outcome: 'no-answer' }],
      asks: [
        { session: 1, begun: 10, at: 4_500 },
        { session: 2, begun: 20, at: 5_500 },
      ],
      attempts: [timedOut('a', 4_000, 9_000)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a link that is silent for the agent alone: a session of the application asks again',
    world: {
      outages: [{ ...databaseAway, outcome: 'no-answer' }],
      asks: [
        { session: 1, begun: 10, at: 4_500 },
        { session: 1, begun: 10, at: 5_500 },
      ],
      attempts: [timedOut('a', 4_000, 9_000)],
    },
    exit: 3,
  },
  {
    what: 'a link that fails some looks, while the application’s queries pass',
    world: {
      outages: [{ ...databaseAway, every: 2 }],
      asks: [{ session: 1, begun: 10, at: 4_500 }],
      attempts: [answeredError('a', 5_000, 5_020, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a database that ends sessions and says that it can’t serve, while queries begin',
    world: {
      outages: [
        { ...databaseAway, connection: 'kept' },
        { ...databaseAway, connection: 'new', outcome: 'unwell', code: '57P03' },
      ],
      asks: [{ session: 1, begun: 10, at: 4_500 }],
      attempts: [answeredError('a', 5_000, 5_020, claims)],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a database whose slots others have taken',
    world: {
      outages: [{ ...databaseAway, outcome: 'unwell', code: '53300', connection: 'new' }],
      othersSessions: 90,
      attempts: [answeredError('a', 4_000, 4_020, claims)],
    },
    exit: 75,
    verdicts: { a: 'infrastructure environment database service-unwell' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a database whose slots the application has taken',
    world: {
      outages: [{ ...databaseAway, outcome: 'unwell', code: '53300', connection: 'new' }],
      othersSessions: 5,
      attempts: [answeredError('a', 4_000, 4_020, claims)],
    },
    exit: 1,
    verdicts: { a: 'application null app slots-taken' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a database that was as full of the application’s sessions from the beginning',
    world: {
      outages: [{ ...databaseAway, outcome: 'unwell', code: '53300', connection: 'new', from: 0 }],
      othersSessions: 5,
      attempts: [answeredError('a', 4_000, 4_020, claims)],
    },
    exit: 3,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a database that has no slot left, and counts nobody’s',
    world: {
      outages: [{ ...databaseAway, outcome: 'unwell', code: '53300', connection: 'new' }],
      attempts: [answeredError('a', 4_000, 4_020, claims)],
    },
    exit: 3,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an error that names what was away, while the application is given time to find out that it is back',
    world: {
      outages: [modelAway],
      recoveryMs: 6_000,
      attempts: [answeredError('a', 9_000, 9_020, lacksModel)],
    },
    exit: 75,
    verdicts: { a: 'infrastructure environment app/model link-down' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an error that names what was away, after all the time that the application is given',
    world: {
      outages: [modelAway],
      recoveryMs: 3_000,
      attempts: [answeredError('a', 9_000, 9_020, lacksModel)],
    },
    exit: 1,
    verdicts: { a: 'application null app server-error' },
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an error that names nothing, while the application is given time to find out',
    world: { outages: [modelAway], recoveryMs: 6_000, attempts: [answeredError('a', 9_000, 9_020)] },
    exit: 1,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a time limit long after an outage that nobody names, while the application is given time to find out',
    world: {
      outages: [modelAway],
      recoveryMs: 60_000,
      attempts: [
        timedOut('a', 12_000, 13_000),
        passed('a', 2, 19_000, 19_020),
        passed('a', 3, 20_000, 20_020),
      ],
      more: [rerun(1, ['a'], 18_900), rerun(2, ['a'], 19_900)],
    },
    exit: 3,
    verdicts: { a: 'inconclusive null a race-suspected' },
  },
  {
    what: 'a bare 500 during an outage, of an application that otherwise names what it lacks',
    world: {
      outages: [modelAway],
      attempts: [
        answeredError('a', 4_000, 4_020, { code: '500' }),
        answeredError('b', 4_500, 4_520, lacksModel),
        ...['a', 'b'].flatMap((id) => [passed(id, 2, 9_000, 9_020), passed(id, 3, 10_000, 10_020)]),
      ],
      more: [rerun(1, ['a', 'b'], 8_900), rerun(2, ['a', 'b'], 9_900)],
    },
    exit: 3,
    cleared: ['b'],
  },
  {
    what: 'a bare 500 during an outage, of an application that never names anything',
    world: {
      outages: [modelAway],
      attempts: [answeredError('a', 4_000, 4_020, { code: '500' })],
    },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an outage that only the agent sees, while a test that needs the service has its changes accepted',
    world: {
      outages: [databaseAway],
      attempts: [passed('a', 1, 6_000, 6_020)],
      blocked: [{ testId: 'b', at: t0 + 9_000, blockedBy: ['database'], strategy: 'graceful-skip' }],
    },
    needs: { database: 'required' },
    exit: 3,
  },
  {
    what: 'an outage during which a change is accepted that tests that fail had accepted too',
    world: {
      outages: [databaseAway],
      attempts: [
        passed('a', 1, 6_000, 6_020),
        {
          ...answeredError('b', 6_100, 6_200, { operation: 'POST /threads' }),
          exchanges: [
            exchange(6_050, 6_060),
            exchange(6_100, 6_200, {
              ...{ operation: 'POST /threads', outcome: 'failed', code: '503', producer: 'application' },
            }),
          ],
          startedAt: t0 + 6_050,
        },
      ],
    },
    needs: { database: 'required' },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'an outage during which a change is accepted that a test had accepted before it failed, as the outage began',
    world: {
      outages: [databaseAway],
      attempts: [
        passed('a', 1, 6_000, 6_020),
        {
          ...answeredError('b', 3_100, 3_200, { operation: 'POST /threads' }),
          exchanges: [
            exchange(3_010, 3_060),
            exchange(3_100, 3_200, {
              ...{ operation: 'POST /threads', outcome: 'failed', code: '503', producer: 'application' },
            }),
          ],
          startedAt: t0 + 3_010,
        },
      ],
    },
    needs: { database: 'required' },
    exit: 75,
    lower: { T1: 3, T0: 3 },
  },
  {
    what: 'a retried error, and then a wrong value, while the database is away',
    world: {
      outages: [databaseAway],
      attempts: [
        attempt('a', {
          ...{ from: 4_000, to: 5_000 },
          signals: [
            signal('answered-error', { kind: 'http-status', code: '503', at: t0 + 4_020 }),
            signal('wrong-value', { kind: 'assertion', at: t0 + 5_000, consequence: true }),
          ],
          exchanges: [
            exchange(4_000, 4_020, { outcome: 'failed', code: '503', producer: 'application' }),
            exchange(4_500, 4_600),
          ],
        }),
      ],
    },
    exit: 1,
  },
]

function judged(row: Row, tier: Tier) {
  const world: World = { ...soundWorld, ...row.world }
  const ids = new Set([...world.attempts, ...world.blocked].map((each) => each.testId))
  const records = recordsOf({ ...world, tests: [...ids].map((id) => definition(id, row.needs)) })
  const evidence = projectEvidence(records, { tier })
  const judgement = judge(evidence)
  const checks = { release: null, injections: [], broken: [] }
  return { judgement, decided: decide({ ...judgement, checks, policy: evidence.run.policy }) }
}

test.each(rows)('$what', (row) => {
  const { judgement, decided } = judged(row, 'T3')
  expect(decided).toMatchObject({ exitCode: row.exit })
  for (const [id, said] of Object.entries(row.verdicts ?? {})) {
    const verdict = judgement.tests.find(({ testId }) => testId === id)?.verdict
    expect(`${verdict?.class} ${verdict?.scope} ${verdict?.subject} ${verdict?.reason}`).toBe(said)
  }
  const cleared = judgement.tests.filter((each) => each.cleared).map(({ testId }) => testId)
  expect(cleared).toEqual(row.cleared ?? [])
})

const lower = (['T2', 'T1', 'T0'] as const).flatMap((tier) => rows.map((row) => ({ ...row, tier })))

test.each(lower)('$what, at $tier', (row) => {
  const { decided } = judged(row, row.tier)
  expect(decided).toMatchObject({ exitCode: row.lower?.[row.tier] ?? row.exit })
})
