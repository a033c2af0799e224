import type { Operation } from '#experiment'
import { type Dependency, factsOf, optionalDependencies } from './operations.ts'
import { blamedBy } from './refusal.ts'

/** What an operation came to for its user. */
export const classes = ['correct', 'degraded', 'refused', 'failed', 'late'] as const
export type Class = (typeof classes)[number]
export type Counts = Readonly<Record<Class, number>>

/** One profile on one link of one application, with the operations that were due while it acted. */
export interface Cell {
  readonly profile: string
  readonly hurt: Dependency
  /** Those that were due while nothing could get through, among them. */
  readonly away: ReadonlySet<Operation>
  readonly operations: readonly Operation[]
}

/**
 * What one operation came to, while the way to `hurt` was disturbed and nothing else. Less than the whole answer, and a
 * refusal, are honest only where that is what the operation needs.
 */
export function classOf(
  { name, outcome, degraded, detail, startedAt, endedAt }: Operation,
  hurt: Dependency,
): Class {
  const { uses, marks, limitMs } = factsOf(name)
  if (endedAt - startedAt > limitMs) return 'late'
  const mayBeLess = uses.includes(hurt)
  if (outcome === 'ok' && degraded === undefined) return 'correct'
  if (outcome === 'ok') return mayBeLess && marks[degraded ?? ''] === hurt ? 'degraded' : 'failed'
  return mayBeLess && blamedBy(detail) === hurt ? 'refused' : 'failed'
}

export function countsOf(
  cells: readonly Cell[],
  counted: (operation: Operation, cell: Cell) => boolean = () => true,
): Counts {
  const counts = Object.fromEntries(classes.map((name) => [name, 0])) as Record<Class, number>
  for (const cell of cells)
    for (const operation of cell.operations)
      if (counted(operation, cell)) counts[classOf(operation, cell.hurt)]++
  return counts
}

/** Correct or honestly degraded, of all; null of none. */
export function usefulShare(counts: Counts): number | null {
  return shareOf(counts.correct + counts.degraded, counts)
}

function shareOf(part: number, counts: Counts): number | null {
  const all = classes.reduce((sum, name) => sum + counts[name], 0)
  return all === 0 ? null : part / all
}

/** Messages that were acknowledged and are not kept, and copies that nobody sent. */
export interface Kept {
  readonly lost: number
  readonly doubled: number
}

export interface Result {
  readonly byProfile: Readonly<Record<string, Counts>>
  readonly byOperation: Readonly<Record<string, Counts>>
  readonly optionalAway: { readonly usefulShare: number | null }
  readonly databaseAway: { readonly readsUseful: number | null; readonly writesAckedOrRefused: number | null }
  /** `whereUsed`: of those operations alone that use what was hurt. */
  readonly overall: {
    readonly usefulShare: number | null
    readonly whereUsed: number | null
    readonly operations: number
  }
  readonly withoutResilience: Kept & {
    readonly usefulShare: number | null
    readonly whereUsed: number | null
    readonly operations: number
  }
  readonly lost: number
  readonly doubled: number
}

/** The figures of one run, from the application as it is and the one without resilience. */
export function resultOf(arms: { on: ArmFound; off: ArmFound }): Result {
  const { cells, kept } = arms.on
  return {
    byProfile: grouped(cells, (_operation, { profile }) => profile),
    byOperation: grouped(cells, ({ name }) => name),
    optionalAway: {
      usefulShare: usefulShare(countsOf(cells, (_, { hurt }) => optionalDependencies.includes(hurt))),
    },
    databaseAway: whileAway(cells.filter(({ hurt }) => hurt === 'database')),
    overall: overall(cells),
    withoutResilience: { ...overall(arms.off.cells), ...arms.off.kept },
    ...kept,
  }
}

/** What one application did, and what is kept of it. */
export interface ArmFound {
  readonly cells: readonly Cell[]
  readonly kept: Kept
}

function whileAway(cells: readonly Cell[]): Result['databaseAway'] {
  const kind = (writes: boolean) =>
    countsOf(
      cells,
      (operation, { hurt, away }) =>
        away.has(operation) &&
        factsOf(operation.name).writes === writes &&
        factsOf(operation.name).uses.includes(hurt),
    )
  const writes = kind(true)
  return {
    readsUseful: usefulShare(kind(false)),
    writesAckedOrRefused: shareOf(writes.correct + writes.degraded + writes.refused, writes),
  }
}

function overall(cells: readonly Cell[]): Result['overall'] {
  const whereUsed = countsOf(cells, ({ name }, { hurt }) => factsOf(name).uses.includes(hurt))
  return {
    usefulShare: usefulShare(countsOf(cells)),
    whereUsed: usefulShare(whereUsed),
    operations: cells.reduce((sum, cell) => sum + cell.operations.length, 0),
  }
}

function grouped(
  cells: readonly Cell[],
  keyOf: (operation: Operation, cell: Cell) => string,
): Record<string, Counts> {
  const keys = new Set(cells.flatMap((cell) => cell.operations.map((operation) => keyOf(operation, cell))))
  return Object.fromEntries(
    [...keys].map((key) => [key, countsOf(cells, (operation, cell) => keyOf(operation, cell) === key)]),
  )
}
