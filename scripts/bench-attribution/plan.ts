import { createHash } from 'node:crypto'
import { createRandom } from '#core'
import type { Cell } from './cell.ts'
import type { Split } from './label.ts'

/** One run of a cell. */
export interface PlannedRun {
  readonly id: string
  readonly cell: Cell
  readonly repetition: number
  readonly split: Split
}

/** A number that only `text` and `seed` decide. */
function drawOf(text: string, seed: number): number {
  return createHash('sha256').update(`${seed}/${text}`).digest().readUInt32BE()
}

/** An id that says nothing of the cell; with the seed, the same again. */
export function runId(cell: string, repetition: number, seed: number): string {
  return createHash('sha256').update(`${seed}/${cell}/${repetition}`).digest('hex').slice(0, 12)
}

/** Where a defect's or fault's cell belongs: all cells of one defect on one side, a third of them for calibration. */
export function splitOf({ defect, name }: Pick<Cell, 'defect' | 'name'>, seed: number): Split {
  return drawOf(`split ${defect ?? name}`, seed) % 3 === 0 ? 'calibration' : 'test'
}

/** Each cell `repetitions` times, in an order that only the seed decides. */
export function planRuns(cells: readonly Cell[], seed: number, repetitions: number): PlannedRun[] {
  const random = createRandom(seed)
  return cells
    .flatMap((cell) =>
      Array.from({ length: repetitions }, (_, repetition) => ({
        id: runId(cell.name, repetition, seed),
        cell,
        repetition,
        split: splitOf(cell, seed),
      })),
    )
    .map((run) => ({ run, key: run.repetition + random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ run }) => run)
}

const unsure = ({ bite }: Cell) => Number(bite === 'possible')

/** `count` cells, as many of each family as its share, at least one of each; drawn by the seed, those first that are sure to bite. */
export function stratifiedSample(cells: readonly Cell[], count: number, seed: number): Cell[] {
  const families = Map.groupBy(
    cells.toSorted((a, b) => unsure(a) - unsure(b) || drawOf(a.name, seed) - drawOf(b.name, seed)),
    ({ family }) => family,
  )
  const taken: Cell[] = []
  const places = [...families.values()].flatMap((group) =>
    group.map((cell, index) => ({ cell, place: (index + 0.5) / group.length, first: index === 0 })),
  )
  for (const { cell } of places.toSorted((a, b) => Number(b.first) - Number(a.first) || a.place - b.place))
    if (taken.length < count) taken.push(cell)
  return taken
}
