import type { Cell } from '../cell.ts'
import { applicationCells } from './application.ts'
import { compoundCells } from './compounds.ts'
import { healthyCells } from './healthy.ts'
import { infrastructureCells } from './infrastructure.ts'
import { lookAlikeCells } from './look-alikes.ts'
import { testCells } from './test-code.ts'

/** Every cell that is written down; those of the mutants are drawn. */
export function writtenCells(): Cell[] {
  return [
    ...infrastructureCells(),
    ...applicationCells(),
    ...testCells(),
    ...compoundCells(),
    ...lookAlikeCells(),
    ...healthyCells(),
  ]
}
