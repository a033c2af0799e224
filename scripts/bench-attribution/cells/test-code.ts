import { type Cell, everyTier, never, testDefect, withAgent } from '../cell.ts'
import type { Decidable } from '../label.ts'

/** Mistakes of tests, and from which tier on they can be told. An expectation that is wrong can't be told from a wrong value. */
const mistakes: Readonly<Record<string, Decidable>> = {
  'aborts-itself': never,
  'bad-json': everyTier,
  'bad-sql': withAgent,
  'bad-url': everyTier,
  'closed-client': everyTier,
  'closed-socket': everyTier,
  'missing-fixture': everyTier,
  'never-settles': never,
  'own-type-error': everyTier,
  'relative-url': everyTier,
  'shared-state': everyTier,
  'short-timeout': everyTier,
  'wrong-expectation': never,
  'wrong-port': never,
}

export function testCells(): Cell[] {
  return Object.entries(mistakes).flatMap(([name, decidable]) => [
    cell(name, [], decidable),
    cell(name, ['link-down@app/analytics:0s-'], decidable),
  ])
}

function cell(name: string, faults: readonly string[], decidable: Decidable): Cell {
  return {
    name: ['test', name, ...faults].join(' + '),
    family: faults.length > 0 ? 'compound' : 'test',
    defect: `test ${name}`,
    truth: testDefect,
    decidable,
    bite: 'expected',
    faults,
    defects: [],
    files: [`mistakes/${name}.e2e.ts`],
  }
}
