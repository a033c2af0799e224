import type { Observation } from './observation.ts'

/** A look of an agent at a service, which answered in a millisecond; `over` says what is different. */
export function lookAt(at: number, over: Partial<Observation> = {}): Observation {
  return {
    at,
    target: 'service',
    vantage: 'app-side',
    connection: 'new',
    outcome: 'ok',
    phases: { totalMs: 1 },
    ...over,
  }
}
