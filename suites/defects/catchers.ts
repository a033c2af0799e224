import { mutations } from '../chaos/mutations.ts'

/**
 * Who finds a defect: the gate by a test of a suite, or before any (`test` is absent); an experiment of suites/chaos; or a suite
 * that starts the application as a process of its own, with the defect and without it.
 */
export type Catcher =
  | { readonly by: 'gate'; readonly file: string; readonly test?: string }
  | { readonly by: 'chaos'; readonly file: string }
  | { readonly by: 'suite'; readonly file: string }

const gate = (file: string, test?: string): Catcher => ({
  by: 'gate',
  file: `suites/${file}.test.ts`,
  ...(test && { test }),
})
const suite = (file: string): Catcher => ({ by: 'suite', file: `${file}.test.ts` })

const beforeAll = gate('staging/health')
const anyMessage = gate('staging/api', 'keeps a message in its thread')
const manyMessages = gate('staging/journeys/journeys', 'keeps many messages, each once and in their order')
const threads = gate('staging/01-journey', 'lists the user’s threads again and again, and never fails')
const answer = gate('staging/golden-path', 'answers a message over the WebSocket')

/** What the suites that the gate runs find, and what needs a process of its own to be found. */
const found: Readonly<Record<string, Catcher>> = {
  'crash-at-start': beforeAll,
  'missing-migration': beforeAll,
  'wrong-dsn': beforeAll,
  'wrong-host': beforeAll,
  'crash-on-message': anyMessage,
  'memory-growth': manyMessages,
  'event-loop-blocked': anyMessage,
  'pool-leak': manyMessages,
  'wrong-answer': answer,
  'off-by-one-page': gate('staging/api', 'gives history in pages'),
  'edge-case-500': gate('staging/journeys/journeys', 'is kept as it was written: привет'),
  'missing-await': gate('staging/golden-path', 'keeps the answer in the thread’s history'),
  'lost-message': manyMessages,
  'doubled-message': manyMessages,
  'slow-query': anyMessage,
  'sql-syntax': anyMessage,
  'bad-content-length': anyMessage,
  deadlock: anyMessage,
  'unavailable-by-bug': threads,
  'wrong-limiter': manyMessages,
  'wrong-clock': threads,
  'keep-alive-too-short': gate('configuration/running', 'has no two limits that disagree'),
  'wrong-timeouts': gate('configuration/running', 'is the one that is declared for its environment'),
  'ws-1011': answer,
  'ws-never-answers': answer,
  'broken-page-script': gate('staging/browser', 'lets somebody sign in, send a message and read the answer'),
  'slow-consumer-unbounded': suite('fixtures/backend/websocket/manager-factory'),
  'read-only-crashes': suite('suites/framework/backend-degradation'),
  'stragglers-decide': suite('suites/framework/backend-resilience'),
  'shutdown-hangs': suite('suites/framework/backend-health'),
  'slot-exhaustion': suite('suites/framework/backend-journeys'),
  'migration-lock': suite('suites/framework/backend-journeys'),
  'heavy-query': suite('suites/framework/backend-journeys'),
}

/** A suite's file as fixtures/defects.md has it. */
export function shortName(file: string): string {
  return file.replace(/^suites\//, '').replace(/\.(test|chaos)\.ts$/, '')
}

/** Who finds each defect of fixtures/defects.md. */
export const catchers: ReadonlyMap<string, Catcher> = new Map([
  ...mutations.map(({ defect, experiment }): [string, Catcher] => [
    defect,
    { by: 'chaos', file: `suites/chaos/${experiment}.chaos.ts` },
  ]),
  ...Object.entries(found),
])
