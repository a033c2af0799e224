import { defectNames } from '../../../fixtures/backend/defects/registry.ts'
import { applicationDefect, type Cell, everyTier, never, withAgent } from '../cell.ts'
import type { Bite, Decidable } from '../label.ts'

/** A defect, and how it shows in the tests of the bench. */
export interface KnownDefect {
  readonly name: string
  readonly decidable: Decidable
  readonly bite: Bite
  /** What it needs beside it to be met: a model that is away for a moment. */
  readonly faults: readonly string[]
  readonly files?: readonly string[]
}

/** A received value is wrong: the runner alone can tell. */
const wrongValue = [
  'wrong-answer',
  'off-by-one-page',
  'missing-await',
  'lost-message',
  'doubled-message',
  'wrong-limiter',
  'broken-page-script',
]
/** They take a shared dependency down for everybody: from outside it looks like the dependency's own trouble. */
const looksLikeInfrastructure = ['slot-exhaustion', 'migration-lock', 'heavy-query']
/** They need a model that is away. */
const needsModelAway = ['retry-storm', 'breaker-never-closes', 'breaker-too-eager']

/** Every defect that the backend knows, also one that was added since: that one is met only perhaps. */
export function knownDefects(): KnownDefect[] {
  return defectNames.map((name): KnownDefect => {
    if (needsModelAway.includes(name))
      return {
        name,
        decidable: withAgent,
        bite: 'possible',
        faults: ['link-down@app/model:0s-1500ms'],
        files: ['model.e2e.ts'],
      }
    const decidable = wrongValue.includes(name)
      ? everyTier
      : looksLikeInfrastructure.includes(name)
        ? never
        : withAgent
    return { name, decidable, bite: met.includes(name) ? 'expected' : 'possible', faults: [] }
  })
}

/** Those that the tests of the bench are known to meet. */
const met: readonly string[] = [
  ...wrongValue,
  'bad-content-length',
  'crash-at-start',
  'crash-on-message',
  'deadlock',
  'edge-case-500',
  'event-loop-blocked',
  'memory-growth',
  'migration-lock',
  'missing-migration',
  'pool-leak',
  'slow-query',
  'sql-syntax',
  'unavailable-by-bug',
  'wrong-clock',
  'wrong-dsn',
  'wrong-host',
  'ws-1011',
  'ws-never-answers',
]

/** Each defect alone, on sound infrastructure. */
export function applicationCells(): Cell[] {
  return knownDefects().map((defect) => ({
    name: defect.name,
    family: 'application',
    defect: defect.name,
    truth: applicationDefect,
    decidable: defect.decidable,
    bite: defect.bite,
    faults: defect.faults,
    defects: [defect.name],
    ...(defect.files && { files: defect.files }),
  }))
}
