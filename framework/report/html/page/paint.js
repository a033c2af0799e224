/** @import uPlot from 'uplot' */
/** @import { PageData, PageSpan, SpanState } from '../page-data.ts' */
/** @import { PlacedLane } from './layout.js' */

/** How much of its lane a state fills: trouble is thick, health is a calm line, and colour is never the only sign. */
const fill = /** @type {Record<SpanState, number>} */ ({
  healthy: 0.16,
  recovering: 0.36,
  degraded: 0.5,
  critical: 0.68,
  unavailable: 0.84,
  unknown: 0.5,
  gap: 0.5,
  fault: 0.7,
  wait: 0.5,
  event: 0.84,
  step: 0.5,
  passed: 0.8,
  failed: 0.9,
  blocked: 0.8,
})

const hatched = new Set(['unknown', 'gap', 'wait'])

/** The page's colours as its style sheet has them at this moment. */
export function readColours() {
  const style = getComputedStyle(document.documentElement)
  return (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim()
}

/**
 * Draws every lane onto the plot.
 * @param {uPlot} u
 * @param {PageData} data
 * @param {readonly PlacedLane[]} lanes
 * @param {(name: string) => string} colour
 * @param {PageSpan | undefined} chosen
 */
export function paint(u, data, lanes, colour, chosen) {
  const { ctx, bbox } = u
  const ratio = devicePixelRatio
  const x = (/** @type {number} */ ms) => u.valToPos((data.startedAt + ms) / 1000, 'x', true)
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const [from, to] of data.incidents) {
    ctx.fillStyle = colour('incident')
    ctx.fillRect(x(from), bbox.top, Math.max(2 * ratio, x(to) - x(from)), bbox.height)
  }
  for (const placed of lanes) {
    // What went wrong is drawn last, so that nothing covers it.
    const order = placed.lane.group === 'tests' ? ['passed', 'blocked', 'failed'] : [undefined]
    for (const state of order)
      for (const span of placed.lane.spans)
        if (state === undefined || span.s === state) paintSpan(span, placed)
  }
  ctx.restore()

  /**
   * @param {PageSpan} span
   * @param {PlacedLane} placed
   */
  function paintSpan(span, { bars, rowHeight }) {
    const from = x(span.a)
    const least = span.s === 'failed' || span.s === 'event' ? 3 : span.s === 'blocked' ? 4 : 1
    const width = Math.max(least * ratio, x(span.b) - from)
    if (from + width < bbox.left || from > bbox.left + bbox.width) return
    const height = rowHeight * fill[span.s] * ratio
    const top = bbox.top + (bars + rowHeight * (span.row ?? 0)) * ratio + (rowHeight * ratio - height) / 2
    ctx.fillStyle = hatched.has(span.s) ? hatch(ctx, colour(span.s), ratio) : colour(span.s)
    // Steps follow on one another without a pause: a hair between them shows where one ends.
    ctx.fillRect(from, top, span.s === 'step' ? Math.max(ratio, width - 2 * ratio) : width, height)
    if (span.n !== undefined || span === chosen) {
      ctx.strokeStyle = colour('text')
      ctx.lineWidth = (span === chosen ? 2 : 1) * ratio
      ctx.strokeRect(from, top, width, height)
    }
  }
}

/** @type {Map<string, CanvasPattern | string>} */
const hatches = new Map()

/**
 * Slanted lines: nobody knows, or somebody waits.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} colour
 * @param {number} ratio
 */
function hatch(ctx, colour, ratio) {
  const key = `${colour} ${ratio}`
  const known = hatches.get(key)
  if (known !== undefined) return known
  const size = Math.round(6 * ratio)
  const tile = new OffscreenCanvas(size, size)
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext('2d'))
  pen.strokeStyle = colour
  pen.lineWidth = 1.5 * ratio
  pen.beginPath()
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size)
    pen.lineTo(shift + size, 0)
  }
  pen.stroke()
  const pattern = ctx.createPattern(tile, 'repeat') ?? colour
  hatches.set(key, pattern)
  return pattern
}
