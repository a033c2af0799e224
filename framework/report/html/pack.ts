import type { Interval } from '#core'

/** Puts each bar into the first row that is free when it begins: the rows, in the order of the bars, which must be sorted by `from`. */
export function packRows(bars: readonly Interval[]): number[] {
  const freeFrom: number[] = []
  return bars.map(({ from, to }) => {
    const found = freeFrom.findIndex((free) => free <= from)
    const row = found === -1 ? freeFrom.length : found
    freeFrom[row] = to
    return row
  })
}
