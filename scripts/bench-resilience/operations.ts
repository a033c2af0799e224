/** The services behind the application, by the links that the bench hurts. */
export const dependencies = ['database', 'auth', 'model', 'analytics'] as const
export type Dependency = (typeof dependencies)[number]

/** Without these the chat goes on. */
export const optionalDependencies: readonly Dependency[] = ['model', 'analytics']

export interface OperationFacts {
  /** What it needs at this moment: users are signed in, so only who signs in needs `auth`. */
  readonly uses: readonly Dependency[]
  /** Words by which an answer says that it is less than it should be, and what may be hurt for it to be true. */
  readonly marks: Readonly<Record<string, Dependency>>
  /** Later than this after it was due, an answer is too late, in ms. */
  readonly limitMs: number
  readonly writes: boolean
}

/** The application answers a request within 1900 ms; the rest is the way there and back on a busy machine. */
const requestLimitMs = 2500
/** A conversation also waits for the model, whose silence is waited out for 1500 ms. */
const conversationLimitMs = 4000

const stale = { stale: 'database' } as const

/** What users of the chat do. */
export const operations = {
  'sign-in': { uses: ['auth'], marks: {}, limitMs: requestLimitMs, writes: false },
  threads: { uses: ['database'], marks: stale, limitMs: requestLimitMs, writes: false },
  history: { uses: ['database'], marks: stale, limitMs: requestLimitMs, writes: false },
  post: { uses: ['database'], marks: {}, limitMs: requestLimitMs, writes: true },
  answer: {
    uses: ['database', 'model'],
    marks: { 'model-away': 'model', cached: 'model' },
    limitMs: conversationLimitMs,
    writes: true,
  },
} as const satisfies Record<string, OperationFacts>

export type OperationName = keyof typeof operations

export function factsOf(name: string): OperationFacts {
  const facts = operations[name as OperationName] as OperationFacts | undefined
  if (!facts) throw new Error(`the bench has no operation "${name}"`)
  return facts
}
