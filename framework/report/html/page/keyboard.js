import { describe } from './describe.js'

/** @import { PageData } from '../page-data.ts' */
/** @import { Chart } from './chart.js' */

/**
 * Lets the keyboard go from span to span and from lane to lane; what is chosen is told as a sentence.
 * @param {PageData} data
 * @param {Chart} chart
 * @param {HTMLElement} frame which has the focus
 * @param {HTMLElement} told where the sentence goes
 */
export function listenToKeys(data, chart, frame, told) {
  let at = { lane: 0, span: 0 }
  const actions = /** @type {Record<string, () => void>} */ ({
    ArrowRight: () => go(0, 1),
    ArrowLeft: () => go(0, -1),
    ArrowDown: () => go(1, 0),
    ArrowUp: () => go(-1, 0),
    '+': () => chart.zoomBy(0.5),
    '=': () => chart.zoomBy(0.5),
    '-': () => chart.zoomBy(2),
    0: () => chart.showAll(),
  })
  frame.addEventListener('keydown', (event) => {
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key]
    if (!action) return
    event.preventDefault()
    action()
  })

  /**
   * Along a lane from span to span, or to the span of another lane that begins nearest in time.
   * @param {number} lanes
   * @param {number} spans
   */
  function go(lanes, spans) {
    const index = Math.max(0, Math.min(data.lanes.length - 1, at.lane + lanes))
    const lane = data.lanes[index]
    if (!lane) return
    const start = chart.chosen?.a ?? 0
    const distances = lane.spans.map(({ a }) => Math.abs(a - start))
    const nearest = () =>
      distances.indexOf(distances.reduce((least, each) => Math.min(least, each), Infinity))
    const wanted = lanes === 0 && chart.chosen ? at.span + spans : nearest()
    const span = Math.max(0, Math.min(lane.spans.length - 1, wanted))
    const chosen = lane.spans[span]
    if (!chosen) return
    at = { lane: index, span }
    chart.choose(chosen)
    told.textContent = describe(data, lane, chosen).join(' · ')
  }
}
