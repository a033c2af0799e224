/**
 * A small simulated staging for tests: what truly happens in it is said here, and the records are what monitor, agent,
 * platform and test workers would have written of it.
 */
import type { Exchange, JudgingPolicy, Signal, Tier } from '#evidence'
import type { JournalRecord } from '#journal'
import type { Observation, Outcome, RunnerSample, SessionUser } from '#probe'
import type { Attempt, AttemptError, Blocked, TestDefinition } from '#run'
import type { LinkName, Need, Topology } from '#topology'

export const t0 = Date.UTC(2026, 0, 1, 12)

/** A span in ms since the run began. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface TrueOutage extends Span {
  /** A link behind the entry, the edge, or `control`. */
  readonly on: LinkName | 'control'
  readonly outcome: Outcome
  readonly code?: string
  /** Only these connections; both when absent. */
  readonly connection?: Observation['connection']
  /** Only every so many looks. */
  readonly every?: number
  /** After how long a look that gets no answer gives up, in ms. */
  readonly givesUpMs?: number
}

/** A link behind the entry answers, and takes so long. */
export interface TrueSlowness extends Span {
  readonly on: LinkName
  readonly tookMs: number
}

/** Answers that take longer are slow. */
const slowMs = 250

/** A session of the application, which began at `begun`, asks the database something at `at`, in ms. */
export interface TrueAsk {
  readonly session: number
  readonly begun: number
  readonly at: number
}

/** The entry is away from `from` until `to`, and is another instance then. */
export interface TrueEnd extends Span {
  readonly by: 'itself' | 'platform' | 'hang'
}

export interface World {
  readonly uses: Readonly<Record<string, Need>>
  readonly durationMs: number
  readonly intervalMs: number
  readonly tier: Tier
  readonly outages: readonly TrueOutage[]
  readonly slow: readonly TrueSlowness[]
  /** Of how many of a database's 100 slots others hold a session, as the server itself counts. */
  readonly othersSessions: number | null
  /** Queries that reach the database from sessions of the application, where the server counts its users. */
  readonly asks: readonly TrueAsk[]
  readonly ends: readonly TrueEnd[]
  /** Nobody looks in these. */
  readonly gaps: readonly Span[]
  /** The runner is denied the processor in these. */
  readonly starved: readonly Span[]
  /** The worker waits in a system call of the test's own in these: late, without the processor, and alone. */
  readonly waits: readonly Span[]
  /** Its own code holds a worker's loop in these. */
  readonly busy: readonly Span[]
  readonly tests: readonly TestDefinition[]
  readonly attempts: readonly Attempt[]
  readonly blocked: readonly Blocked[]
  readonly more: readonly JournalRecord[]
  readonly policy: JudgingPolicy
  readonly release?: string
  /** What the entry, whose readiness covers the database, says of itself each half second in these. */
  readonly says: readonly (Span & { readonly status: number | null; readonly tookMs?: number })[]
  /** How long the entry is given to find out that what it uses is back. */
  readonly recoveryMs?: number
  /** The build that the entry stamps; a list when another one is rolled out half-way. */
  readonly builds: readonly string[]
  /** What the platform says of services other than the entry. */
  readonly platform: readonly { service: string; event: 'stopped' | 'exited' | 'started'; at: number }[]
}

export const soundWorld: World = {
  uses: { database: 'required', auth: 'required', model: 'required', analytics: 'optional' },
  ...{ durationMs: 20_000, intervalMs: 250, tier: 'T3', builds: ['b1'] },
  ...{
    outages: [],
    slow: [],
    othersSessions: null,
    asks: [],
    says: [],
    ends: [],
    gaps: [],
    starved: [],
    waits: [],
    busy: [],
    tests: [],
    attempts: [],
    blocked: [],
    more: [],
    platform: [],
  },
  policy: { minimumTests: 1, passesToClear: 2, raceSuspected: 'undecided' },
}

export function topologyOf({
  uses,
  recoveryMs,
  says,
}: Pick<World, 'uses' | 'recoveryMs' | 'says'>): Topology {
  const service = (
    name: string,
    owner: 'sut' | 'platform' | 'external',
    needs: Readonly<Record<string, Need>> = {},
  ) => ({
    ...{ name, owner, uses: needs, egress: 'net' },
    protocol: name === 'database' ? ('postgres' as const) : ('http' as const),
  })
  return {
    entry: 'app',
    services: {
      app: {
        ...service('app', 'sut', uses),
        ...(recoveryMs !== undefined && { recoveryWithinMs: recoveryMs }),
        ...(says.length > 0 && { readiness: { path: '/ready', covers: ['database'] } }),
      },
      database: service('database', 'platform'),
      auth: service('auth', 'sut', { database: 'required' }),
      model: service('model', 'external'),
      analytics: service('analytics', 'external'),
    },
  }
}

/** The records of a world, as the journal would hold them. */
export function recordsOf(world: World): JournalRecord[] {
  const record = (kind: string, data: object, at: number, source = 'session'): JournalRecord => ({
    at,
    source,
    kind,
    data,
  })
  const started = {
    ...{ id: 'r1', root: '/work', environment: 'embedded', topology: topologyOf(world) },
    ...{ policy: world.policy, tierCeiling: world.tier, intervalMs: world.intervalMs },
    ...(world.release !== undefined && { release: world.release }),
  }
  return [
    record('run-started', started, t0),
    ...world.tests.map((test) => record('test', test, t0)),
    ...observationsOf(world).map((look) => record('observation', look, look.at, 'monitor')),
    ...samplesOf(world).map((sample) => record('runner-sample', sample, sample.at, sample.process)),
    ...eventsOf(world).map((event) => record('platform-event', event, event.at, 'supervisor')),
    ...world.attempts.map((attempt) =>
      record('attempt', attempt, attempt.startedAt + attempt.durationMs, attempt.worker),
    ),
    ...world.blocked.map((blocked) => record('blocked', blocked, blocked.at)),
    ...saidIn(world).map((said) => record('readiness', said, said.at)),
    ...world.more,
  ]
}

function saidIn({ says }: World): { at: number; tookMs: number; status: number | null }[] {
  return says.flatMap(({ from, to, status, tookMs = 5 }) =>
    Array.from({ length: Math.ceil((to - from) / 500) }, (_, n) => ({
      at: t0 + from + n * 500,
      tookMs,
      status,
    })),
  )
}

const inside = (spans: readonly Span[], at: number) => spans.some((span) => at >= span.from && at < span.to)

function observationsOf(world: World): Observation[] {
  const looks: Observation[] = []
  for (let at = 0; at < world.durationMs; at += world.intervalMs)
    for (const connection of ['new', 'kept'] as const) {
      if (inside(world.gaps, at)) continue
      for (const [name] of Object.entries(world.uses))
        looks.push(lookAt(world, at, connection, 'app-side', name, `app/${name}`))
      looks.push(lookAt(world, at, connection, 'app-side', 'app'))
      looks.push(lookAt(world, at, connection, 'runner', 'app', 'client/app'))
      looks.push(lookAt(world, at, connection, 'runner', 'control'))
      const users = usersAt(world, at)
      if (world.asks.length > 0 && connection === 'kept')
        looks.push({
          ...lookAt(world, at, connection, 'runner', 'database'),
          sessions: { sessions: 7, others: 0, slots: 100, tookMs: 2, users },
        })
    }
  return looks
}

function lookAt(
  world: World,
  at: number,
  connection: Observation['connection'],
  vantage: Observation['vantage'],
  target: string,
  link?: LinkName,
): Observation {
  const end = target === 'app' ? world.ends.find((each) => inside([each], at)) : undefined
  const away = world.outages.find(
    (each) =>
      each.on === (link ?? target) &&
      inside([each], at) &&
      (each.connection ?? connection) === connection &&
      Math.round(at / world.intervalMs) % (each.every ?? 1) === 0,
  )
  const slow = world.slow.find((each) => each.on === link && inside([each], at))
  const ended: Outcome = end?.by === 'hang' ? 'no-answer' : connection === 'new' ? 'refused' : 'cut'
  const outcome = end ? ended : (away?.outcome ?? ((slow?.tookMs ?? 0) > slowMs ? 'slow' : 'ok'))
  return {
    ...{ at: t0 + at, target, vantage, connection, outcome },
    phases: {
      totalMs: outcome === 'no-answer' ? (away?.givesUpMs ?? world.intervalMs * 0.8) : (slow?.tookMs ?? 2),
    },
    ...(target === 'database' &&
      connection === 'kept' &&
      world.othersSessions !== null && {
        sessions: {
          sessions: isFull(world, at) ? 100 : world.othersSessions + 7,
          others: world.othersSessions,
          slots: 100,
        },
      }),
    ...(link && { link }),
    ...(away?.code !== undefined && { code: away.code }),
    ...(target === 'app' && outcome === 'ok' && { identity: identityAt(world, at) }),
  }
}

/** The application as the database counts it, two milliseconds after a look began. */
function usersAt({ asks }: World, at: number): SessionUser[] {
  const now = at + 3
  const done = asks.filter((ask) => ask.at <= now)
  const last = done.at(-1)
  if (!last) return []
  return [
    {
      ...{ name: 'app', sessions: new Set(done.map(({ session }) => session)).size },
      youngestMs: now - Math.max(...done.map(({ begun }) => begun)),
      last: { session: last.session, ageMs: now - last.begun, queryMs: now - last.at },
    },
  ]
}

/** A server that turns sessions away has none left. */
function isFull({ outages }: World, at: number): boolean {
  return outages.some((each) => each.code === '53300' && inside([each], at))
}

/** Who answers at a moment: every end but a hang makes another instance. */
export function identityAt(world: World, at: number) {
  const before = world.ends.filter((end) => end.by !== 'hang' && end.to <= at).length
  const build = at < world.durationMs / 2 ? world.builds[0]! : world.builds.at(-1)!
  return { build, instance: `app-${before + 1}` }
}

function samplesOf(world: World): RunnerSample[] {
  const samples: RunnerSample[] = []
  for (let at = 0; at < world.durationMs; at += 500)
    for (const process of ['probe', 'worker:1']) {
      const starved = inside(world.starved, at) || (process !== 'probe' && inside(world.waits, at))
      const busy = process === 'worker:1' && inside(world.busy, at)
      const late = starved || busy
      samples.push({
        at: t0 + at,
        process,
        lagMs: late ? 480 : 2,
        cpuShare: busy ? 0.98 : starved ? 0.1 : 0.2,
      })
    }
  return samples
}

function eventsOf(world: World): object & { at: number }[] {
  const events: { at: number; service: string; event: string; incarnation: number; code?: number | null }[] =
    []
  const down = (service: string, at: number) =>
    world.platform.some((each) => each.service === service && each.event !== 'started' && each.at <= at) &&
    !world.platform.some((each) => each.service === service && each.event === 'started' && each.at <= at)
  for (const service of Object.keys(world.uses))
    for (let at = 100; at < world.durationMs; at += 1_000)
      if (!down(service, at)) events.push({ at: t0 + at, service, event: 'running', incarnation: 1 })
  for (const { service, event, at } of world.platform)
    events.push({
      at: t0 + at,
      service,
      event,
      incarnation: event === 'started' ? 2 : 1,
      code: event === 'exited' ? 1 : null,
    })
  for (const [index, end] of world.ends.entries()) {
    if (end.by === 'hang') continue
    const event = end.by === 'itself' ? 'exited' : 'stopped'
    events.push({
      at: t0 + end.from,
      service: 'app',
      event,
      incarnation: index + 1,
      code: event === 'exited' ? 1 : null,
    })
    events.push({ at: t0 + end.to - 50, service: 'app', event: 'started', incarnation: index + 2 })
  }
  return events as object & { at: number }[]
}

export function definition(id: string, needs: TestDefinition['needs'] = {}, required = true): TestDefinition {
  return { id, name: id, file: 'chat.test.ts', needs, required, skipped: false }
}

export function exchange(from: number, to: number, change: Partial<Exchange> = {}): Exchange {
  return {
    ...{
      protocol: 'http',
      operation: 'POST /threads/:id/messages',
      target: 'app',
      outcome: 'ok',
      code: '201',
    },
    ...{ from: t0 + from, to: t0 + to, wellFormed: true },
    ...change,
  }
}

export function signal(family: Signal['family'], change: Partial<Signal> = {}): Signal {
  return { kind: 'message', code: family, stableCode: family, family, match: family, ...change }
}

interface AttemptChange extends Partial<Omit<Attempt, 'startedAt' | 'durationMs'>> {
  readonly from: number
  readonly to: number
}

export function attempt(testId: string, { from, to, ...change }: AttemptChange): Attempt {
  return {
    ...{ testId, n: 1, outcome: 'failed', startedAt: t0 + from, durationMs: to - from, strategy: 'normal' },
    ...{ timeoutFactor: 1, worker: 'worker:1', errors: [], signals: [], exchanges: [], patient: [] },
    ...change,
  }
}

/** A request that the application answered with an error of its own. */
export function answeredError(
  testId: string,
  from: number,
  to: number,
  change: Partial<Exchange> = {},
): Attempt {
  const failed = exchange(from, to, { outcome: 'failed', code: '503', producer: 'application', ...change })
  const status = signal('answered-error', { kind: 'http-status', code: failed.code ?? '503', at: t0 + to })
  return attempt(testId, { from, to: to + 5, signals: [status], exchanges: [failed] })
}

/** A request that nothing came back for until the caller gave up. */
export function timedOut(testId: string, from: number, to: number, change: Partial<Exchange> = {}): Attempt {
  const { code: _, ...given } = exchange(from, to, { outcome: 'aborted', ...change })
  const late = signal('no-answer', { kind: 'timeout', at: t0 + to })
  return attempt(testId, { from, to: to + 5, signals: [late], exchanges: [given] })
}

/** A request whose connection was refused or reset. */
export function peerGone(testId: string, from: number, to: number, change: Partial<Exchange> = {}): Attempt {
  const failed = exchange(from, to, { outcome: 'failed', code: 'ECONNRESET', ...change })
  const reset = signal('peer-gone', { kind: 'errno', code: 'ECONNRESET', at: t0 + to })
  return attempt(testId, { from, to: to + 5, signals: [reset], exchanges: [failed] })
}

/** A good answer with another value than expected. */
export function wrongValue(testId: string, from: number, to: number): Attempt {
  const assertion = signal('wrong-value', {
    kind: 'assertion',
    code: 'AssertionError',
    match: 'expected 42, got 41',
    phase: 'assert',
  })
  return attempt(testId, { from, to: to + 5, signals: [assertion], exchanges: [exchange(from, to)] })
}

/** An error thrown by a line of the test. */
export function ownCode(testId: string, from: number, error: Partial<AttemptError> = {}): Attempt {
  const thrown: AttemptError = {
    name: 'TypeError',
    message: 'x is not a function',
    frame: 'test',
    phase: 'act',
    ...error,
  }
  const found = signal('unknown', { kind: 'runtime', code: 'TypeError' })
  return attempt(testId, { from, to: from + 5, errors: [thrown], signals: [found] })
}

export function passed(testId: string, n: number, from: number, to: number): Attempt {
  return attempt(testId, { n, from, to, outcome: 'passed', exchanges: [exchange(from, to)] })
}

export function rerun(
  round: number,
  testIds: readonly string[],
  at: number,
  healthyBefore = true,
): JournalRecord {
  return {
    at: t0 + at,
    source: 'session',
    kind: 'rerun',
    data: { round, testIds, at: t0 + at, healthyBefore },
  }
}
