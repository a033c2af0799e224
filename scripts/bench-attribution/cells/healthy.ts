import { type Cell, everyTier, nothing } from '../cell.ts'

/** Nothing is wrong: every decision but a pass is a false alarm. */
export function healthyCells(): Cell[] {
  return [['api.e2e.ts'], ['socket.e2e.ts'], ['model.e2e.ts'], undefined].map((files) => ({
    name: `healthy ${files?.join() ?? 'all'}`,
    family: 'healthy',
    defect: null,
    truth: nothing,
    decidable: everyTier,
    bite: 'none',
    faults: [],
    defects: [],
    ...(files && { files }),
  }))
}
