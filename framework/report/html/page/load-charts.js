import uPlot from 'uplot'
import { element } from './element.js'
import { readColours } from './paint.js'

/** @import { PageChart, PageData } from '../page-data.ts' */

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} colour by its name in the style sheet
 * @property {readonly (number | null)[]} values
 * @property {number[]} [dash] so that colour is never the only sign
 */

const height = 190

/**
 * Rate and latency of each experiment, with the windows of its faults.
 * @param {PageData} data
 * @param {readonly PageChart[]} charts
 */
export function showCharts(data, charts) {
  for (const place of document.querySelectorAll('[data-chart]')) {
    const index = Number(place.getAttribute('data-chart'))
    const chart = charts[index]
    if (!chart || chart.times.length === 0) continue
    const rates = /** @type {Line[]} */ ([
      { name: 'ok', colour: 'healthy', values: chart.rates.ok },
      { name: 'degraded', colour: 'degraded', values: chart.rates.degraded, dash: [8, 3] },
      { name: 'failed', colour: 'unavailable', values: chart.rates.failed, dash: [4, 3] },
      { name: 'unknown', colour: 'gap', values: chart.rates.unknown, dash: [2, 3] },
    ]).filter(({ name, values }) => name === 'ok' || values.some((value) => value !== 0))
    const latencies = /** @type {Line[]} */ ([
      { name: 'p50', colour: 'link', values: chart.p50 },
      { name: 'p99', colour: 'critical', values: chart.p99, dash: [6, 3] },
    ])
    draw(place, {
      data,
      chart,
      sync: `e${index}`,
      title: 'Operations a second, by how they ended',
      unit: '/s',
      lines: rates,
    })
    draw(place, { data, chart, sync: `e${index}`, title: 'Latency in ms', unit: ' ms', lines: latencies })
  }
}

/**
 * @param {Element} place
 * @param {{ data: PageData, chart: PageChart, sync: string, title: string, unit: string, lines: Line[] }} parts
 */
function draw(place, { data, chart, sync, title, unit, lines }) {
  const frame = element('div', { class: 'chart' })
  const canvas = element('div', {
    role: 'img',
    'aria-label': `${title}: ${chart.name}. The table below has the numbers.`,
  })
  const keys = element('ul', { class: 'keys' })
  frame.append(element('h4', {}, title), canvas, keys)
  place.append(frame)
  let colour = readColours()
  const labels = lines.map((line) => key(keys, line.name, `var(--${line.colour})`))
  const windows = data.lanes.filter(({ group }) => group === 'faults').flatMap(({ spans }) => spans)
  if (windows.length > 0)
    key(keys, 'a fault was on', 'var(--fault-window)').parentElement?.classList.add('window')
  const axis = () => ({
    stroke: () => colour('quiet'),
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  })
  const plot = new uPlot(
    {
      width: Math.max(200, frame.clientWidth),
      height,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      legend: { show: false },
      cursor: { y: false, sync: { key: sync }, drag: { x: true, y: false, setScale: true } },
      scales: { x: { time: true }, y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
      axes: [
        {
          ...axis(),
          space: 76,
          size: 30,
          values: (_plot, splits) => splits.map((at) => new Date(at * 1000).toISOString().slice(11, 19)),
        },
        { ...axis(), size: 52 },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          stroke: () => colour(line.colour),
          width: 2,
          points: { show: false },
          spanGaps: true,
          ...(line.dash && { dash: line.dash }),
        })),
      ],
      hooks: {
        drawClear: [(u) => paintWindows(u, data, windows, colour)],
        setCursor: [(u) => tell(u, lines, labels, unit)],
      },
    },
    [chart.times.map((ms) => (data.startedAt + ms) / 1000), ...lines.map(({ values }) => [...values])],
    canvas,
  )
  new ResizeObserver(() => plot.setSize({ width: Math.max(200, frame.clientWidth), height })).observe(frame)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colour = readColours()
    plot.redraw(false)
  })
}

/**
 * @param {HTMLElement} keys
 * @param {string} name
 * @param {string} colour
 */
function key(keys, name, colour) {
  const item = element('li', {})
  const sign = element('i', { 'aria-hidden': 'true' })
  sign.style.setProperty('--key', colour)
  const label = element('span', {}, name)
  item.append(sign, label)
  keys.append(item)
  return label
}

/**
 * The values under the pointer, beside the names of their lines.
 * @param {uPlot} u
 * @param {Line[]} lines
 * @param {HTMLElement[]} labels
 * @param {string} unit
 */
function tell(u, lines, labels, unit) {
  const at = u.cursor.idx
  for (const [index, { name, values }] of lines.entries()) {
    const value = at === null || at === undefined || (u.cursor.left ?? -1) < 0 ? null : values[at]
    const label = labels[index]
    if (label) label.textContent = value === null || value === undefined ? name : `${name} ${value}${unit}`
  }
}

/**
 * @param {uPlot} u
 * @param {PageData} data
 * @param {readonly { a: number, b: number }[]} windows
 * @param {(name: string) => string} colour
 */
function paintWindows(u, data, windows, colour) {
  const { ctx, bbox } = u
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.fillStyle = colour('fault-window')
  for (const { a, b } of windows) {
    const from = u.valToPos((data.startedAt + a) / 1000, 'x', true)
    const to = u.valToPos((data.startedAt + b) / 1000, 'x', true)
    ctx.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height)
  }
  ctx.restore()
}
