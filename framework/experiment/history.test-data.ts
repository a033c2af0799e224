import fc from 'fast-check'
import type { ExperimentEvidence } from './evidence.ts'
import type { History, Operation, PhaseSpan } from './history.ts'

/** Baseline, fault and recovery of a second each. */
export const phases: readonly PhaseSpan[] = [
  { name: 'baseline', from: 0, to: 1000 },
  { name: 'fault', from: 1000, to: 2000 },
  { name: 'recovery', from: 2000, to: Number.POSITIVE_INFINITY },
]

/** One operation while the fault acts, unless said otherwise. */
export function operation(over: Partial<Operation> & { latencyMs?: number } = {}): Operation {
  const { latencyMs = 10, ...given } = over
  const startedAt = given.startedAt ?? 1500
  return { id: 1, name: 'read', endedAt: startedAt + latencyMs, outcome: 'ok', ...given, startedAt }
}

export function historyOf(operations: readonly Operation[]): History {
  return { operations, phases, shed: 0 }
}

export function evidenceOf(
  operations: readonly Operation[],
  over: Partial<ExperimentEvidence> = {},
): ExperimentEvidence {
  return { history: historyOf(operations), links: {}, health: [], injections: [], ...over }
}

/** Any history of writes under two keys; every value is written once. */
export const anyWrites: fc.Arbitrary<Operation[]> = fc
  .array(
    fc.record({
      outcome: fc.constantFrom('ok' as const, 'failed' as const, 'unknown' as const),
      key: fc.constantFrom('a', 'b'),
      startedAt: fc.integer({ min: 0, max: 3000 }),
      latencyMs: fc.integer({ min: 0, max: 500 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((writes) =>
    writes.map(({ key, ...write }, index) =>
      operation({ ...write, id: index, name: 'post', write: { key, value: `value ${index}` } }),
    ),
  )

/** What a sound store may keep of these writes: all that was acknowledged, and of the unknown ones any. */
export function anySoundStore(
  writes: readonly Operation[],
): fc.Arbitrary<{ key: string; values: string[] }[]> {
  return fc.subarray(writes.filter(({ outcome }) => outcome === 'unknown')).map((lucky) =>
    ['a', 'b'].map((key) => ({
      key,
      values: [...writes.filter(({ outcome }) => outcome === 'ok'), ...lucky]
        .flatMap(({ write }) => write ?? [])
        .filter((write) => write.key === key)
        .map(({ value }) => value),
    })),
  )
}
