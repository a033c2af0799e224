import uPlot from 'uplot'
import { describe } from './describe.js'
import { element } from './element.js'
import { layOut } from './layout.js'
import { paint, readColours } from './paint.js'

/** @import { PageData, PageSpan } from '../page-data.ts' */
/** @import { PlacedLane } from './layout.js' */

const axisHeight = 30
const labelWidth = 220

/**
 * The timeline: uPlot gives the time axis, the zoom and the cursor, and lanes are drawn onto it.
 * @param {PageData} data
 */
export function showTimeline(data) {
  const section = /** @type {HTMLElement} */ (document.getElementById('timeline'))
  section.hidden = false
  const frame = element('div', {
    class: 'timeline',
    tabindex: '0',
    role: 'application',
    'aria-label':
      'Timeline. Arrow keys go from span to span and from lane to lane, plus and minus zoom, zero shows the whole run.',
  })
  const labels = element('div', { class: 'labels', 'aria-hidden': 'true' })
  const plot = element('div', { class: 'plot', 'aria-hidden': 'true' })
  const tip = element('div', { class: 'tip', hidden: '' })
  const told = element(
    'p',
    { class: 'told', role: 'status' },
    'Drag to zoom, double-click for the whole run. With the keyboard: arrows, + and −, 0.',
  )
  frame.append(labels, plot, tip)
  section.append(toolbar(), frame, told, legend())

  let colour = readColours()
  let layout = layOut(data, frame.clientWidth)
  /** @type {{ lane: number, span: number } | undefined} */
  let chosen
  const whole = { min: data.startedAt / 1000, max: (data.startedAt + Math.max(1, data.durationMs)) / 1000 }
  const chosenSpan = () => (chosen ? layout.lanes[chosen.lane]?.lane.spans[chosen.span] : undefined)
  const u = new uPlot(
    options(),
    [
      [whole.min, whole.max],
      [null, null],
    ],
    plot,
  )
  place()

  new ResizeObserver(() => {
    layout = layOut(data, frame.clientWidth)
    u.setSize(size())
    place()
  }).observe(frame)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colour = readColours()
    u.redraw()
  })
  u.over.addEventListener('mousemove', (event) => hover(event))
  u.over.addEventListener('mouseleave', () => {
    tip.hidden = true
  })
  frame.addEventListener('keydown', onKey)
  for (const button of document.querySelectorAll('button[data-from]'))
    button.addEventListener('click', () => {
      const from = Number(button.getAttribute('data-from'))
      const to = Number(button.getAttribute('data-to'))
      const margin = Math.max(500, (to - from) * 0.25)
      zoomTo((from - margin) / 1000, (to + margin) / 1000)
      section.scrollIntoView()
      frame.focus({ preventScroll: true })
    })

  function size() {
    const width = frame.clientWidth - (layout.isNarrow ? 0 : labelWidth)
    return { width: Math.max(200, width), height: layout.height + axisHeight }
  }

  /** @returns {uPlot.Options} */
  function options() {
    return {
      ...size(),
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      padding: [0, 0, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: true }, points: { show: false } },
      scales: { x: { time: true, range: (_u, min, max) => [min, max] }, y: { range: [0, 1] } },
      axes: [
        {
          side: 0,
          size: axisHeight,
          space: 76,
          font: '12px system-ui, sans-serif',
          stroke: () => colour('quiet'),
          grid: { stroke: () => colour('grid'), width: 1 },
          ticks: { show: false },
          values: (plotted, splits, _axis, _space, step) =>
            splits.map((at) => (fits(plotted, at) ? timeOf(at, step) : '')),
        },
        { show: false },
      ],
      series: [{}, { show: false }],
      hooks: { draw: [(plotted) => paint(plotted, data, layout.lanes, colour, chosenSpan())] },
    }
  }

  /** Puts the labels beside or above their lanes. */
  function place() {
    frame.classList.toggle('narrow', layout.isNarrow)
    labels.replaceChildren(
      ...layout.lanes.map(({ lane, top, height }) => {
        const label = element('div', { class: 'label' })
        label.append(element('span', {}, lane.label))
        if (lane.note) label.append(element('small', {}, lane.note))
        label.style.top = `${top + axisHeight}px`
        if (!layout.isNarrow) label.style.height = `${Math.max(18, Math.min(24, height))}px`
        return label
      }),
    )
  }

  /**
   * @param {number} min
   * @param {number} max
   */
  function zoomTo(min, max) {
    const least = 0.01
    const from = Math.max(whole.min, min)
    const to = Math.min(whole.max, Math.max(max, from + least))
    u.setScale('x', { min: Math.min(from, to - least), max: to })
  }

  /** @param {number} factor */
  function zoomBy(factor) {
    const { min = whole.min, max = whole.max } = u.scales['x'] ?? {}
    const span = chosenSpan()
    const centre = span ? (data.startedAt + (span.a + span.b) / 2) / 1000 : (min + max) / 2
    const half = ((max - min) * factor) / 2
    zoomTo(centre - half, centre + half)
  }

  /** @param {MouseEvent} event */
  function hover(event) {
    const found = spanAt(event.offsetX, event.offsetY)
    tip.hidden = found === undefined
    if (!found) return
    tip.replaceChildren(
      ...describe(data, found.placed.lane, found.span).map((line) => element('div', {}, line)),
    )
    const box = frame.getBoundingClientRect()
    const left = event.clientX - box.left
    tip.style.left = `${Math.max(0, Math.min(left + 14, frame.clientWidth - tip.offsetWidth - 4))}px`
    tip.style.top = `${event.clientY - box.top + 18}px`
  }

  /**
   * The span under a point; of several, the one that went wrong, else the last.
   * @param {number} left
   * @param {number} top
   */
  function spanAt(left, top) {
    const placed = layout.lanes.find(({ bars, height }) => top >= bars && top < bars + height)
    if (!placed) return undefined
    const row = Math.floor((top - placed.bars) / placed.rowHeight)
    const at = (/** @type {number} */ x) => u.posToVal(x, 'x') * 1000 - data.startedAt
    const [from, to] = [at(left - 3), at(left + 1)]
    const hits = placed.lane.spans.filter((span) => (span.row ?? 0) === row && span.a <= to && span.b >= from)
    const span = hits.find(({ s }) => s === 'failed') ?? hits.at(-1)
    return span ? { placed, span } : undefined
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const actions = /** @type {Record<string, () => void>} */ ({
      ArrowRight: () => choose(0, 1),
      ArrowLeft: () => choose(0, -1),
      ArrowDown: () => choose(1, 0),
      ArrowUp: () => choose(-1, 0),
      '+': () => zoomBy(0.5),
      '=': () => zoomBy(0.5),
      '-': () => zoomBy(2),
      0: () => zoomTo(whole.min, whole.max),
    })
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }

  /**
   * Moves the choice: along a lane from span to span, or to the span of another lane that is nearest in time.
   * @param {number} lanes
   * @param {number} spans
   */
  function choose(lanes, spans) {
    const before = chosenSpan()
    const lane = Math.max(0, Math.min(layout.lanes.length - 1, (chosen?.lane ?? 0) + lanes))
    const list = layout.lanes[lane]?.lane.spans ?? []
    if (list.length === 0) return
    const start = before?.a ?? 0
    const nearest = () =>
      list.reduce(
        (best, { a }, index) => (Math.abs(a - start) < Math.abs((list[best]?.a ?? 0) - start) ? index : best),
        0,
      )
    const span = lanes === 0 && chosen ? chosen.span + spans : nearest()
    chosen = { lane, span: Math.max(0, Math.min(list.length - 1, span)) }
    show(/** @type {PlacedLane} */ (layout.lanes[lane]), /** @type {PageSpan} */ (list[chosen.span]))
  }

  /**
   * Says what is chosen, and moves the view to it.
   * @param {PlacedLane} placed
   * @param {PageSpan} span
   */
  function show(placed, span) {
    told.textContent = describe(data, placed.lane, span).join(' · ')
    const { min = whole.min, max = whole.max } = u.scales['x'] ?? {}
    const from = (data.startedAt + span.a) / 1000
    const to = (data.startedAt + span.b) / 1000
    if (to < min || from > max) zoomTo(from - (max - min) / 2, from + (max - min) / 2)
    else u.redraw(false)
  }

  function toolbar() {
    const bar = element('div', { class: 'toolbar' })
    for (const [text, label, action] of /** @type {[string, string, () => void][]} */ ([
      ['+', 'Zoom in', () => zoomBy(0.5)],
      ['−', 'Zoom out', () => zoomBy(2)],
      ['Whole run', 'Show the whole run', () => zoomTo(whole.min, whole.max)],
    ])) {
      const button = element('button', { type: 'button', 'aria-label': label }, text)
      button.addEventListener('click', action)
      bar.append(button)
    }
    return bar
  }

  function legend() {
    const present = new Set(data.lanes.flatMap(({ spans }) => spans.map(({ s }) => s)))
    const list = element('ul', { class: 'legend' })
    const named = /** @type {[string, string][]} */ ([
      ['healthy', 'healthy'],
      ['recovering', 'recovering'],
      ['degraded', 'degraded'],
      ['critical', 'critical'],
      ['unavailable', 'unavailable'],
      ['gap', 'not watched'],
      ['unknown', 'unknown'],
      ['fault', 'fault injected'],
      ['wait', 'waiting for recovery'],
      ['event', 'platform event'],
      ['passed', 'passed'],
      ['failed', 'failed'],
      ['blocked', 'blocked'],
    ])
    for (const [state, text] of named)
      if (present.has(/** @type {PageSpan['s']} */ (state))) list.append(item(state, text))
    if (data.lanes.some(({ spans }) => spans.some(({ n }) => n !== undefined)))
      list.append(item('rerun', 'rerun'))
    if (data.incidents.length > 0) list.append(item('incident', 'incident'))
    return list
  }

  /**
   * @param {string} state
   * @param {string} text
   */
  function item(state, text) {
    const entry = element('li', {}, text)
    entry.prepend(element('i', { class: `swatch ${state}`, 'aria-hidden': 'true' }))
    return entry
  }
}

/**
 * Whether a label in the middle of a moment stays inside the plot.
 * @param {uPlot} u
 * @param {number} at
 */
function fits(u, at) {
  const x = u.valToPos(at, 'x')
  return x > 28 && x < u.over.clientWidth - 28
}

/**
 * The time of day in UTC, as finely as the axis is divided.
 * @param {number} seconds
 * @param {number} step
 */
function timeOf(seconds, step) {
  return new Date(seconds * 1000).toISOString().slice(11, step < 1 ? 23 : 19)
}
