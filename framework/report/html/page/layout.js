/** @import { PageData, PageLane } from '../page-data.ts' */

/**
 * @typedef {object} PlacedLane
 * @property {PageLane} lane
 * @property {number} top of the label, in CSS px from the top of the plot
 * @property {number} bars where its bars begin
 * @property {number} height of its bars together
 * @property {number} rowHeight of one of its rows
 */

const narrow = 640
const laneHeight = 24
const labelHeight = 17
const groupGap = 12
const maxTestsHeight = 260

/**
 * Where each lane lies. On a narrow screen labels stand above their bars, else beside them.
 * @param {PageData} data
 * @param {number} width
 */
export function layOut(data, width) {
  const isNarrow = width < narrow
  /** @type {PlacedLane[]} */
  const lanes = []
  let y = 6
  let group = data.lanes[0]?.group
  for (const lane of data.lanes) {
    if (lane.group !== group) y += groupGap
    group = lane.group
    const rowHeight =
      lane.group === 'tests' ? Math.max(3, Math.min(16, maxTestsHeight / lane.rows)) : laneHeight
    const bars = y + (isNarrow ? labelHeight : 0)
    const height = rowHeight * lane.rows
    lanes.push({ lane, top: y, bars, height, rowHeight })
    y = bars + height + (lane.group === 'tests' ? 4 : 0)
  }
  return { lanes, height: y + 4, isNarrow }
}
