import { applicationDefect, type Cell, withAgent } from '../cell.ts'
import type { Mutant } from '../mutants.ts'

const unrelated = ['link-down@app/analytics:0s-', 'stopped@analytics:0s-', 'link-silent@app/analytics:0s-']
const healing = ['link-down@app/database:0s-2s', 'link-silent@app/database:0s-2s', 'reset@app/database:0s-2s']

/** A mutant alone: whether any test meets it is what this run finds out. */
export function mutantAlone(mutant: Mutant): Cell {
  return mutantCell(mutant, [])
}

/** A mutant that a test meets, beside a fault that has nothing to do with it, and beside one that has and heals. */
export function mutantCompounds(mutant: Mutant): Cell[] {
  const turn = Number(mutant.id)
  return [
    mutantCell(mutant, [unrelated[turn % unrelated.length]!]),
    mutantCell(mutant, [healing[turn % healing.length]!]),
  ]
}

function mutantCell(mutant: Mutant, faults: readonly string[]): Cell {
  const name = `${mutant.file}:${mutant.line} ${mutant.mutator} ${mutant.id}`
  return {
    name: [name, ...faults].join(' + '),
    family: 'mutant',
    defect: name,
    truth: applicationDefect,
    decidable: withAgent,
    bite: 'possible',
    faults,
    defects: [],
    mutant: mutant.id,
  }
}
