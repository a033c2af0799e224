import type { Expectation, Finding, OperationsOptions } from '../expectation.ts'
import { milliseconds, ofNames, percent } from '../expectation.ts'
import { isCorrect, isUseful, latencyOf, type Operation, operationsIn } from '../history.ts'
import { latenciesOf } from '../latencies.ts'

const nothingDue: Finding = { outcome: 'inconclusive', observed: 'no such operation was due' }

/** One operation, for people. */
export function told({ id, name, outcome, detail, ...operation }: Operation): string {
  return `operation ${id} ${name}: ${outcome}${detail === undefined ? '' : ` (${detail})`} after ${milliseconds(latencyOf({ id, name, outcome, ...operation }))}`
}

function shareOf(
  name: string,
  counts: (operation: Operation) => boolean,
  options: OperationsOptions & { atLeast: number },
): Expectation {
  return {
    name: `${name}${ofNames(options.of)}`,
    declared: `≥ ${percent(options.atLeast)}`,
    check({ history }, phase) {
      const due = operationsIn(history, options.during ?? phase, options.of)
      if (due.length === 0) return nothingDue
      const bad = due.filter((operation) => !counts(operation))
      const share = 1 - bad.length / due.length
      const held = share >= options.atLeast
      return {
        outcome: held ? 'held' : 'broken',
        observed: `${percent(share)} of ${due.length}`,
        ...(!held && bad[0] && { counterExample: told(bad[0]) }),
      }
    },
  }
}

/** At least this share of callers got the right answer, or less and were told so. */
export function usefulShare(options: OperationsOptions & { atLeast: number }): Expectation {
  return shareOf('useful share', isUseful, options)
}

/** At least this share of callers got the whole of what they asked for. */
export function correctShare(options: OperationsOptions & { atLeast: number }): Expectation {
  return shareOf('correct share', isCorrect, options)
}

/** At least this share of callers was told that things are less than they should be: nothing pretends to be well. */
export function admittedShare(options: OperationsOptions & { atLeast: number }): Expectation {
  return shareOf('admitted share', ({ degraded }) => degraded !== undefined, options)
}

/** At least this share of callers got an answer, good or a refusal: no more than the rest was cut off, or left waiting. */
export function answeredShare(options: OperationsOptions & { atLeast: number }): Expectation {
  return shareOf('answered share', ({ outcome }) => outcome !== 'unknown', options)
}

/** Every operation ended with an answer, good or a refusal, within this time. */
export function answeredInTime(options: OperationsOptions & { withinMs: number }): Expectation {
  return {
    name: `answered in time${ofNames(options.of)}`,
    declared: `every one within ${milliseconds(options.withinMs)}`,
    check({ history }, phase) {
      const due = operationsIn(history, options.during ?? phase, options.of)
      if (due.length === 0) return nothingDue
      const late = due.filter(
        (operation) => operation.outcome === 'unknown' || latencyOf(operation) > options.withinMs,
      )
      return {
        outcome: late.length === 0 ? 'held' : 'broken',
        observed: `${due.length - late.length} of ${due.length}, the slowest after ${milliseconds(Math.max(...due.map(latencyOf)))}`,
        ...(late[0] && { counterExample: told(late[0]) }),
      }
    },
  }
}

/** Useful answers came within these times. */
export function latency(options: OperationsOptions & { p50Ms?: number; p99Ms?: number }): Expectation {
  const limits = [
    ['p50', 50, options.p50Ms],
    ['p99', 99, options.p99Ms],
  ] as const
  const given = limits.flatMap(([word, at, limitMs]) =>
    limitMs === undefined ? [] : [{ word, at, limitMs }],
  )
  return {
    name: `latency${ofNames(options.of)}`,
    declared: given.map(({ word, limitMs }) => `${word} ≤ ${milliseconds(limitMs)}`).join(', '),
    check({ history }, phase) {
      const useful = operationsIn(history, options.during ?? phase, options.of).filter(isUseful)
      if (useful.length === 0) return { outcome: 'inconclusive', observed: 'no operation was answered' }
      const latencies = latenciesOf(useful.map(latencyOf))
      const held = given.every(({ at, limitMs }) => latencies.percentile(at) <= limitMs)
      const slowest = useful.toSorted((a, b) => latencyOf(b) - latencyOf(a))[0]
      return {
        outcome: held ? 'held' : 'broken',
        observed: given.map(({ word, at }) => `${word} ${milliseconds(latencies.percentile(at))}`).join(', '),
        ...(!held && slowest && { counterExample: told(slowest) }),
      }
    },
  }
}
