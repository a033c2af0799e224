import type { Observation } from '#probe'

/** One look at the database from beside the application, taking no time; `over` says what is different. */
export function lookAt(at: number, over: Partial<Observation> = {}): Observation {
  return {
    at,
    target: 'database',
    link: 'app/database',
    vantage: 'app-side',
    connection: 'new',
    outcome: 'ok',
    phases: { totalMs: 0 },
    ...over,
  }
}
