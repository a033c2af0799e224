import uPlot from 'uplot'
import { layOut } from './layout.js'
import { paint, readColours } from './paint.js'

/** @import { PageData, PageSpan } from '../page-data.ts' */

/** Height of the time axis above the lanes, in CSS px. */
export const axisHeight = 30
const labelWidth = 220
const leastSeconds = 0.01

/** Lanes on a time axis: uPlot gives the axis, the zoom and the cursor, and the lanes are painted onto it. */
export class Chart {
  /** @type {PageSpan | undefined} */
  chosen
  #data
  #frame
  #colour = readColours()
  #whole
  #plot

  /**
   * @param {PageData} data
   * @param {HTMLElement} frame whose width the chart has
   * @param {HTMLElement} place where it is drawn
   */
  constructor(data, frame, place) {
    this.#data = data
    this.#frame = frame
    this.layout = layOut(data, frame.clientWidth)
    const begin = data.startedAt / 1000
    this.#whole = { min: begin, max: begin + Math.max(1, data.durationMs) / 1000 }
    this.#plot = new uPlot(
      this.#options(),
      [
        [this.#whole.min, this.#whole.max],
        [null, null],
      ],
      place,
    )
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#colour = readColours()
      this.redraw()
    })
  }

  /** What lies over the plot and gets the pointer's events. */
  get over() {
    return this.#plot.over
  }

  redraw() {
    this.#plot.redraw(false)
  }

  /** Lays the lanes out anew for the width that the frame has now. */
  resize() {
    this.layout = layOut(this.#data, this.#frame.clientWidth)
    this.#plot.setSize(this.#size())
  }

  /** Shows the whole run. */
  showAll() {
    this.#zoom(this.#whole.min, this.#whole.max)
  }

  /**
   * Shows a window with something around it.
   * @param {number} from in epoch ms
   * @param {number} to
   */
  showWindow(from, to) {
    const margin = Math.max(500, (to - from) * 0.25)
    this.#zoom((from - margin) / 1000, (to + margin) / 1000)
  }

  /**
   * Zooms around what is chosen, or around the middle.
   * @param {number} factor below 1 to see more closely
   */
  zoomBy(factor) {
    const { min, max } = this.#range()
    const centre = this.chosen ? this.#seconds((this.chosen.a + this.chosen.b) / 2) : (min + max) / 2
    const half = ((max - min) * factor) / 2
    this.#zoom(centre - half, centre + half)
  }

  /**
   * Chooses a span, and moves the view when it lies outside.
   * @param {PageSpan} span
   */
  choose(span) {
    this.chosen = span
    const { min, max } = this.#range()
    const half = (max - min) / 2
    const from = this.#seconds(span.a)
    if (this.#seconds(span.b) < min || from > max) this.#zoom(from - half, from + half)
    else this.redraw()
  }

  /**
   * The span under a point of the plot; of several, the one that went wrong, else the last.
   * @param {number} left
   * @param {number} top
   */
  spanAt(left, top) {
    const placed = this.layout.lanes.find(({ bars, height }) => top >= bars && top < bars + height)
    if (!placed) return undefined
    const row = Math.floor((top - placed.bars) / placed.rowHeight)
    const at = (/** @type {number} */ x) => this.#plot.posToVal(x, 'x') * 1000 - this.#data.startedAt
    const [from, to] = [at(left - 3), at(left + 1)]
    const hits = placed.lane.spans.filter((each) => (each.row ?? 0) === row && each.a <= to && each.b >= from)
    const span = hits.find(({ s }) => s === 'failed') ?? hits.at(-1)
    return span ? { lane: placed.lane, span } : undefined
  }

  /** @param {number} ms since the run began */
  #seconds(ms) {
    return (this.#data.startedAt + ms) / 1000
  }

  #range() {
    const { min = this.#whole.min, max = this.#whole.max } = this.#plot.scales['x'] ?? {}
    return { min, max }
  }

  /**
   * @param {number} min
   * @param {number} max
   */
  #zoom(min, max) {
    const to = Math.min(this.#whole.max, Math.max(max, min + leastSeconds))
    this.#plot.setScale('x', { min: Math.min(Math.max(this.#whole.min, min), to - leastSeconds), max: to })
  }

  #size() {
    const width = this.#frame.clientWidth - (this.layout.isNarrow ? 0 : labelWidth)
    return { width: Math.max(200, width), height: this.layout.height + axisHeight }
  }

  /** @returns {uPlot.Options} */
  #options() {
    return {
      ...this.#size(),
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      padding: [0, 0, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: true }, points: { show: false } },
      scales: { x: { time: true, range: (_plot, min, max) => [min, max] }, y: { range: [0, 1] } },
      axes: [this.#timeAxis(), { show: false }],
      series: [{}, { show: false }],
      hooks: {
        draw: [(plot) => paint(plot, this.#data, this.layout.lanes, this.#colour, this.chosen)],
      },
    }
  }

  /** @returns {uPlot.Axis} */
  #timeAxis() {
    return {
      side: 0,
      size: axisHeight,
      space: 76,
      font: '12px system-ui, sans-serif',
      stroke: () => this.#colour('quiet'),
      grid: { stroke: () => this.#colour('grid'), width: 1 },
      ticks: { show: false },
      values: (plot, splits, _axis, _space, step) =>
        splits.map((at) => (fits(plot, at) ? timeOf(at, step) : '')),
    }
  }
}

/**
 * Whether a label in the middle of a moment stays inside the plot.
 * @param {uPlot} plot
 * @param {number} at
 */
function fits(plot, at) {
  const x = plot.valToPos(at, 'x')
  return x > 28 && x < plot.over.clientWidth - 28
}

/**
 * The time of day in UTC, as finely as the axis is divided.
 * @param {number} seconds
 * @param {number} step
 */
function timeOf(seconds, step) {
  return new Date(seconds * 1000).toISOString().slice(11, step < 1 ? 23 : 19)
}
