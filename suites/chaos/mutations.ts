/** One promise, the experiment that holds the chat to it, and a defect that breaks it and nothing else. */
export interface Mutation {
  readonly promise: string
  /** A file `suites/chaos/NAME.chaos.ts`. */
  readonly experiment: string
  /** One of fixtures/defects.md. */
  readonly defect: string
  /** The expectation that finds it. */
  readonly breaks: string
}

/** Every promise of the chat's degradation that an experiment can break. */
export const mutations: readonly Mutation[] = [
  {
    promise: 'A breaker opens on what is away.',
    experiment: 'model-away',
    defect: 'breaker-never-opens',
    breaks: 'breaker on app/model opens',
  },
  {
    promise: 'A breaker waits for enough failures before it opens.',
    experiment: 'model-refuses',
    defect: 'breaker-too-eager',
    breaks: 'breaker on app/model opens',
  },
  {
    promise: 'A breaker closes when what was away is back.',
    experiment: 'model-refuses',
    defect: 'breaker-never-closes',
    breaks: 'breaker on app/model closes',
  },
  {
    promise: 'A breaker that tries lets few calls through.',
    experiment: 'model-away',
    defect: 'half-open-floods',
    breaks: 'breaker on app/model sends nothing but trials while open',
  },
  {
    promise: 'A breaker opens on answers that always come too late.',
    experiment: 'auth-slow',
    defect: 'breaker-ignores-slowness',
    breaks: 'breaker on app/auth opens',
  },
  {
    promise: 'What fails is not asked again and again.',
    experiment: 'model-refuses',
    defect: 'retry-storm',
    breaks: 'calls for each operation on app/model',
  },
  {
    promise: 'An answer without the model says so.',
    experiment: 'model-refuses',
    defect: 'model-away-unmarked',
    breaks: 'admitted share of ask',
  },
  {
    promise: 'An earlier answer stands in for its own question only.',
    experiment: 'model-refuses',
    defect: 'fallback-cross-talk',
    breaks: 'useful share',
  },
  {
    promise: 'A call to auth has a limit.',
    experiment: 'auth-away',
    defect: 'call-without-limit',
    breaks: 'answered in time of sign-in',
  },
  {
    promise: 'A call that is given up lets go of its connection.',
    experiment: 'auth-away',
    defect: 'timeout-does-not-cancel',
    breaks: 'connections open on app/auth',
  },
  {
    promise: 'Who has signed in goes on without auth.',
    experiment: 'auth-away',
    defect: 'forgets-sessions',
    breaks: 'correct share of read, post',
  },
  {
    promise: 'Analytics keeps nobody waiting.',
    experiment: 'analytics-away',
    defect: 'analytics-blocks',
    breaks: 'latency',
  },
  {
    promise: 'History can be read without the database.',
    experiment: 'maintenance',
    defect: 'history-not-cached',
    breaks: 'useful share of read, history',
  },
  {
    promise: 'History from before says so.',
    experiment: 'maintenance',
    defect: 'stale-unmarked',
    breaks: 'stale answers say so',
  },
  {
    promise: 'What is read is fresh while the database is well.',
    experiment: 'maintenance',
    defect: 'stale-while-well',
    breaks: 'correct share of read, history',
  },
  {
    promise: 'Nobody is shown what somebody else has read.',
    experiment: 'maintenance',
    defect: 'history-cross-talk',
    breaks: 'useful share of read, history',
  },
  {
    promise: 'Readiness is taken back without the database.',
    experiment: 'maintenance',
    defect: 'ready-lies',
    breaks: 'admitted share of readiness',
  },
  {
    promise: 'Messages are taken again when the database is back.',
    experiment: 'maintenance',
    defect: 'reconnect-never',
    breaks: 'recovers',
  },
  {
    promise: 'A database that takes no writes is read.',
    experiment: 'read-only',
    defect: 'read-only-crashes',
    breaks: 'useful share of read, history, readiness',
  },
  {
    promise: 'What is acknowledged is kept.',
    experiment: 'fail-over',
    defect: 'acknowledged-unkept',
    breaks: 'nothing acknowledged is lost',
  },
  {
    promise: 'A message that is sent again is kept once.',
    experiment: 'reset-after-commit',
    defect: 'idempotency-ignored',
    breaks: 'nothing is doubled',
  },
  {
    promise: 'The end waits for what has begun.',
    experiment: 'app-restarted',
    defect: 'shutdown-drops-requests',
    breaks: 'nothing acknowledged is lost',
  },
  {
    promise: 'Who comes back misses no event.',
    experiment: 'websocket-storm',
    defect: 'resume-gap',
    breaks: 'correct share of events',
  },
  {
    promise: 'Who comes back gets no event twice.',
    experiment: 'websocket-storm',
    defect: 'resume-double',
    breaks: 'correct share of events',
  },
]
