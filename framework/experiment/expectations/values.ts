import type { ExperimentEvidence } from '../evidence.ts'
import type { Expectation, Finding } from '../expectation.ts'
import type { Operation, ReadValues } from '../history.ts'
import { told } from './operations.ts'

const notReadBack: Finding = {
  outcome: 'inconclusive',
  observed: 'what is kept was not read back',
}

/** Writes that were acknowledged, whatever the phase. */
function acknowledged({
  history,
}: ExperimentEvidence): (Operation & { write: NonNullable<Operation['write']> })[] {
  return history.operations.filter(
    (operation): operation is Operation & { write: NonNullable<Operation['write']> } =>
      operation.outcome === 'ok' && operation.write !== undefined,
  )
}

/** Everything that was acknowledged is kept at the end. What nobody can know, as its answer never came, may be kept or not. */
export function nothingLost(): Expectation {
  return {
    name: 'nothing acknowledged is lost',
    declared: '0 lost',
    check(evidence) {
      if (!evidence.kept) return notReadBack
      const kept = byKey(evidence.kept)
      const writes = acknowledged(evidence)
      if (writes.length === 0) return { outcome: 'inconclusive', observed: 'nothing was acknowledged' }
      if (writes.some(({ write }) => !kept.has(write.key))) return notReadBack
      const lost = writes.filter(({ write }) => !kept.get(write.key)?.includes(write.value))
      return {
        outcome: lost.length === 0 ? 'held' : 'broken',
        observed: `${lost.length} lost of ${writes.length} acknowledged`,
        ...(lost[0] && {
          counterExample: `${told(lost[0])}: "${lost[0].write.value}" is not in ${lost[0].write.key}`,
        }),
      }
    },
  }
}

/** No value that the load wrote once is kept twice, however its write ended. */
export function nothingDoubled(): Expectation {
  return {
    name: 'nothing is doubled',
    declared: '0 doubled',
    check({ kept, history }) {
      if (!kept) return notReadBack
      const writes = history.operations.flatMap(({ write }) => (write ? [write] : []))
      if (writes.length === 0) return { outcome: 'inconclusive', observed: 'nothing was written' }
      const found = byKey(kept)
      const doubled = writes.flatMap((write) => {
        const times = found.get(write.key)?.filter((value) => value === write.value).length ?? 0
        return times > 1 ? [{ ...write, times }] : []
      })
      return {
        outcome: doubled.length === 0 ? 'held' : 'broken',
        observed: `${doubled.length} doubled of ${writes.length} written`,
        ...(doubled[0] && {
          counterExample: `"${doubled[0].value}" is ${doubled[0].times} times in ${doubled[0].key}`,
        }),
      }
    },
  }
}

/**
 * A read that lacks a value which was acknowledged before the read was due says that it is stale, by marking itself
 * degraded.
 */
export function stalenessMarked(): Expectation {
  return {
    name: 'stale answers say so',
    declared: '0 unmarked',
    check(evidence) {
      const reads = evidence.history.operations.filter(({ outcome, read }) => outcome === 'ok' && read)
      if (reads.length === 0) return { outcome: 'inconclusive', observed: 'nothing was read' }
      const writes = acknowledged(evidence)
      const stale = reads.flatMap((operation) => {
        const missing = writes.find(
          ({ write, endedAt }) =>
            write.key === operation.read?.key &&
            endedAt <= operation.startedAt &&
            !operation.read.values.includes(write.value),
        )
        return missing ? [{ operation, missing }] : []
      })
      const unmarked = stale.filter(({ operation }) => operation.degraded === undefined)
      return {
        outcome: unmarked.length === 0 ? 'held' : 'broken',
        observed: `${unmarked.length} unmarked of ${stale.length} stale in ${reads.length} reads`,
        ...(unmarked[0] && {
          counterExample: `${told(unmarked[0].operation)} lacks "${unmarked[0].missing.write.value}" of operation ${unmarked[0].missing.id}`,
        }),
      }
    },
  }
}

function byKey(kept: readonly ReadValues[]): Map<string, readonly string[]> {
  return new Map(kept.map(({ key, values }) => [key, values]))
}
